#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/interpreter/shadowed_names.h"
#include "reference/php/value/convert.h"

// Properties of objects, as code in a scope means them.
namespace assay::reference::php {

bool Machine::can_see(const RuntimeClass& type, std::string_view property) const {
  const InstanceProperty* declared = type.property_for(property, frame_->scope);
  return declared == nullptr || accessible(declared->data->flags, declared->owner);
}

Array Machine::visible_properties(const Object& object) {
  Array visible;
  const RuntimeClass& type = class_of(object);
  for (std::size_t at = object.properties.first(); at != object.properties.end(); at = object.properties.next(at)) {
    const auto& element = object.properties.at(at);
    const std::string name(plain_name(element.key.as_string()));
    if (can_see(type, name) && property_key(object, name) == element.key)
      visible.set(ArrayKey::verbatim(name), element.value.resolve());
  }
  return visible;
}

const InstanceProperty* Machine::declared_property(const Object& object, const std::string& name) {
  return class_of(object).property_for(name, frame_->scope);
}

void Machine::check_property_access(const Object& object, const std::string& name) {
  const InstanceProperty* declared = declared_property(object, name);
  if (declared == nullptr || accessible(declared->data->flags, declared->owner)) return;
  throw_error("Error", std::string("Cannot access ") + ((declared->data->flags & kPrivate) ? "private" : "protected") +
                           " property " + class_of(object).name + "::$" + name);
}

ArrayKey Machine::property_key(const Object& object, const std::string& name) {
  const InstanceProperty* declared = declared_property(object, name);
  return ArrayKey::verbatim(declared == nullptr ? name : class_of(object).key_of(*declared));
}

Value& Machine::property_slot(Object& object, const std::string& name) {
  check_property_access(object, name);
  const ArrayKey key = property_key(object, name);
  const InstanceProperty* declared = declared_property(object, name);
  Value* existing = object.properties.find(key);
  if (object.kind == ObjectKind::enum_case)
    throw_error("Error", "Cannot modify readonly property " + object.class_name + "::$" + name);
  const bool is_readonly = declared != nullptr && (declared->data->flags & kReadonly);
  if (is_readonly && (existing != nullptr || frame_->scope == nullptr)) {
    throw_error("Error",
                (existing == nullptr ? "Cannot initialize readonly property " : "Cannot modify readonly property ") +
                    object.class_name + "::$" + name + (existing == nullptr ? " from global scope" : ""));
  }
  if (existing != nullptr) return *existing;
  if (Value* array = array_as_properties(object)) return array->mutable_array()[ArrayKey::from_string(name)];
  if (declared == nullptr && !equal_ignoring_case(object.class_name, "stdClass")) {
    report(Severity::deprecated, "Creation of dynamic property " + object.class_name + "::$" + name + " is deprecated");
  }
  return object.properties[key];
}

Value Machine::read_property(const Value& base, const std::string& name, bool quiet) {
  if (!base.is_object()) {
    if (!quiet) warn("Attempt to read property \"" + name + "\" on " + type_name(base));
    return Value();
  }
  const Object& object = *base.as_object();
  if (!quiet) check_property_access(object, name);
  if (const Value* found = object.properties.find(property_key(object, name))) return found->resolve();
  if (const Value* array = array_as_properties(*base.as_object())) return read_index(Value(*array), Value(name), quiet);
  if (quiet) return Value();
  const InstanceProperty* declared = declared_property(object, name);
  if (declared != nullptr && (declared->data->flags & kTyped)) {
    throw_error("Error",
                "Typed property " + object.class_name + "::$" + name + " must not be accessed before initialization");
  }
  warn("Undefined property: " + type_name(base) + "::$" + name);
  return Value();
}

const Array& Machine::default_properties(RuntimeClass& type) {
  if (type.defaults) return *type.defaults;
  Array defaults;
  defaults.reserve(type.properties.size());
  for (const InstanceProperty& each : type.properties) {
    if (each.data->initial == nullptr && (each.data->flags & (kTyped | kReadonly | kPromoted))) continue;
    defaults.set(ArrayKey::verbatim(type.key_of(each)),
                 each.data->initial == nullptr ? Value() : evaluate_in(*each.owner, *each.data->initial));
  }
  return type.defaults.emplace(std::move(defaults));
}

}  // namespace assay::reference::php
