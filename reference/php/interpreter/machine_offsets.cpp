#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"
#include "reference/php/value/inner_state.h"

// Array access on objects: ArrayAccess, and the arrays that ArrayObject and ArrayIterator stand for.
namespace assay::reference::php {

// Nothing where the class is none of these, or has a method of its own for this kind of access.
Value* Machine::array_behind(Object& object, const std::string& lower_method) {
  Value* array = object.properties.find(ArrayKey::verbatim(inner_state::kArray));
  if (array == nullptr || !array->resolve().is_array()) return nullptr;
  const Method* method = class_of(object).find_method(lower_method);
  const bool is_ours = method != nullptr && method->function->file->size == 0;
  return is_ours ? &array->resolve() : nullptr;
}

Value* Machine::array_as_properties(Object& object) {
  constexpr std::int64_t kArrayAsProperties = 2;
  const Value* flags = object.properties.find(ArrayKey::verbatim(inner_state::kFlags));
  const bool asked = flags != nullptr && (to_int(flags->resolve()) & kArrayAsProperties) != 0;
  return asked ? array_behind(object, "getflags") : nullptr;
}

void Machine::require_offsets(const Object& object) {
  if (instance_of(object, "ArrayAccess")) return;
  throw_error("Error", "Cannot use object of type " + object.class_name + " as array");
}

Value Machine::read_offset(const std::shared_ptr<Object>& object, const Value& key) {
  if (const Value* array = array_behind(*object, "offsetget")) return read_index(Value(*array), key, false);
  require_offsets(*object);
  return call_method(object, "offsetget", {key});
}

bool Machine::is_offset_set(const std::shared_ptr<Object>& object, const Value& key, Value& out, Asked asked) {
  if (const Value* array = array_behind(*object, "offsetexists")) {
    if (array_behind(*object, "offsetget") != nullptr) {
      out = read_index(Value(*array), key, true);
      return !out.is_null();
    }
  }
  require_offsets(*object);
  if (!to_bool(call_method(object, "offsetexists", {key}))) return false;
  if (asked == Asked::presence) return true;
  out = call_method(object, "offsetget", {key});
  return !out.is_null();
}

void Machine::write_offset(const std::shared_ptr<Object>& object, const Step& step, Value value, Writing writing) {
  if (Value* array = array_behind(*object, "offsetset")) {
    step_into(*array, step).resolve() = std::move(value);
    return;
  }
  require_offsets(*object);
  if (writing == Writing::in_place) return report_no_effect(*object);
  call_method(object, "offsetset", {step.key, std::move(value)});
}

void Machine::unset_offset(const std::shared_ptr<Object>& object, const Value& key) {
  if (Value* array = array_behind(*object, "offsetunset")) {
    array->mutable_array().erase(*array_key(key));
    return;
  }
  require_offsets(*object);
  call_method(object, "offsetunset", {key});
}

// On the way to what is written: an object goes on from here, all else is a copy that nobody sees.
Value& Machine::step_into_offset(const std::shared_ptr<Object>& object, const Step& step) {
  if (Value* array = array_behind(*object, "offsetget")) return step_into(*array, step);
  require_offsets(*object);
  scratch_ = call_method(object, "offsetget", {step.key});
  if (!scratch_.is_object()) report_no_effect(*object);
  return scratch_;
}

void Machine::report_no_effect(const Object& object) {
  report(Severity::notice, "Indirect modification of overloaded element of " + object.class_name + " has no effect");
}

}  // namespace assay::reference::php
