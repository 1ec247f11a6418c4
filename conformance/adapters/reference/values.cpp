#include "conformance/adapters/reference/values.h"

#include <map>
#include <string>

#include "reference/php/interpreter/shadowed_names.h"

namespace assay::conformance {
namespace {

class ToReference {
 public:
  reference::Value convert(const Value& value) {
    if (value.is_null()) return {};
    if (value.is_bool()) return value.as_bool();
    if (value.is_int()) return value.as_int();
    if (value.is_float()) return value.as_float();
    if (value.is_string()) return value.as_string();
    if (value.is_array()) return array(value.as_array());
    if (value.is_enum()) return enum_case(value.as_enum());
    if (value.is_object()) return object(value.as_object());
    return shared(value.as_reference());
  }

  const std::map<int, std::shared_ptr<reference::Object>>& objects() const { return objects_; }
  const std::map<int, std::shared_ptr<reference::Reference>>& references() const { return references_; }

 private:
  static reference::ArrayKey key(const Key& key) {
    if (const auto* number = std::get_if<std::int64_t>(&key)) return reference::ArrayKey(*number);
    return reference::ArrayKey::from_string(std::get<std::string>(key));
  }

  reference::Array array(const Elements& elements) {
    reference::Array array;
    for (const auto& [k, element] : elements) array.set(key(k), convert(element));
    return array;
  }

  static reference::Value enum_case(const EnumCase& enum_case) {
    auto object = std::make_shared<reference::Object>(enum_case.class_name, 0, reference::ObjectKind::enum_case);
    object->properties.set("name", enum_case.case_name);
    return object;
  }

  reference::Value object(const Object& object) {
    auto& made = objects_[object.number];
    if (made) return made;
    made = std::make_shared<reference::Object>(object.class_name, static_cast<std::uint64_t>(object.number),
                                               kind_of(object.class_name));
    const auto keep = made;
    keep->properties = array(object.properties);
    return keep;
  }

  // As the PHP driver has them: these two stand for values that no literal can be.
  static reference::ObjectKind kind_of(const std::string& class_name) {
    if (class_name == "Closure") return reference::ObjectKind::closure;
    return class_name == "resource" ? reference::ObjectKind::resource : reference::ObjectKind::plain;
  }

  reference::Value shared(const Reference& reference) {
    auto& made = references_[reference.number];
    if (made) return made;
    made = std::make_shared<reference::Reference>();
    const auto keep = made;
    if (!reference.content.empty()) keep->value = convert(reference.content.front());
    return keep;
  }

  std::map<int, std::shared_ptr<reference::Object>> objects_;
  std::map<int, std::shared_ptr<reference::Reference>> references_;
};

class FromReference {
 public:
  Value convert(const reference::Value& value) {
    switch (value.type()) {
      case reference::ValueType::null:
        return {};
      case reference::ValueType::boolean:
        return value.as_bool();
      case reference::ValueType::integer:
        return value.as_int();
      case reference::ValueType::real:
        return value.as_float();
      case reference::ValueType::string:
        return value.as_string();
      case reference::ValueType::array:
        return elements(value.as_array());
      case reference::ValueType::object:
        return object(value.as_object());
      case reference::ValueType::reference:
        return shared(value.as_reference());
    }
    return {};
  }

 private:
  Elements elements(const reference::Array& array) {
    Elements result;
    for (std::size_t i = array.first(); i != array.end(); i = array.next(i)) {
      const auto& element = array.at(i);
      result.emplace_back(element.key.is_int() ? Key(element.key.as_int()) : Key(element.key.as_string()),
                          convert(element.value));
    }
    return result;
  }

  Value object(const std::shared_ptr<reference::Object>& from) {
    if (from->kind == reference::ObjectKind::enum_case) {
      const reference::Value* name = from->properties.find(reference::ArrayKey::verbatim("name"));
      return EnumCase{from->class_name, name && name->is_string() ? name->as_string() : ""};
    }
    const auto [entry, first] = objects_.try_emplace(from.get(), static_cast<int>(objects_.size()) + 1);
    Object object{entry->second, !first, "", {}};
    if (first) {
      object.class_name = from->class_name;
      object.properties = elements(from->properties);
      for (auto& [key, property] :
           object.properties) {  // as the PHP driver names those of a class that shadows another's
        if (auto* name = std::get_if<std::string>(&key)) *name = std::string(reference::php::plain_name(*name));
      }
    }
    return object;
  }

  Value shared(const std::shared_ptr<reference::Reference>& from) {
    if (from.use_count() == 1) return convert(from->value);  // no one else looks at it: not a reference for PHP either
    const auto [entry, first] = references_.try_emplace(from.get(), static_cast<int>(references_.size()) + 1);
    Reference reference{entry->second, {}};
    if (first) reference.content.push_back(convert(from->value));
    return reference;
  }

  std::map<const void*, int> objects_;
  std::map<const void*, int> references_;
};

}  // namespace

reference::Value ReferenceArguments::of(const Value& value) {
  ToReference made;
  auto converted = made.convert(value);
  for (const auto& [number, object] : made.objects()) objects_.push_back(object);
  for (const auto& [number, reference] : made.references()) references_.push_back(reference);
  return converted;
}

ReferenceArguments::~ReferenceArguments() {
  for (const auto& object : objects_) object->properties = {};
  for (const auto& reference : references_) reference->value = {};
}

Value from_reference(const reference::Value& value) {
  return FromReference().convert(value);
}

}  // namespace assay::conformance
