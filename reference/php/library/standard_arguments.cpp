#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

BuiltinError argument_error(const BuiltinCall& call, std::size_t number, std::string_view name, std::string_view must) {
  std::string message = std::string(call.name) + "(): Argument #" + std::to_string(number + 1);
  if (!name.empty()) message += " ($" + std::string(name) + ")";
  message += " must be " + std::string(must);
  const bool type = must.starts_with("of type");
  if (type) message += ", " + type_name(call.arguments[number]) + " given";
  return BuiltinError{type ? "TypeError" : "ValueError", std::move(message), nullptr};
}

tl::expected<std::string, BuiltinError> string_argument(BuiltinCall& call, std::size_t number, std::string_view name) {
  const Value& value = call.arguments[number].resolve();
  if (value.is_string()) return value.as_string();
  if (value.is_array()) return tl::unexpected(argument_error(call, number, name, "of type string"));
  if (value.is_null()) {
    call.report(Severity::deprecated, std::string(call.name) + "(): Passing null to parameter #" +
                                          std::to_string(number + 1) + " ($" + std::string(name) +
                                          ") of type string is deprecated");
    return "";
  }
  if (value.is_object()) {
    const Method* hook = call.machine.class_of(*value.as_object()).find_method("__tostring");
    if (hook == nullptr) return tl::unexpected(argument_error(call, number, name, "of type string"));
  }
  return call.machine.text_of(value);
}

tl::expected<std::int64_t, BuiltinError> int_argument(BuiltinCall& call, std::size_t number, std::string_view name) {
  const Value& value = call.arguments[number].resolve();
  const bool fits = value.is_int() || value.is_bool() || value.is_null() || value.is_float() || is_numeric(value);
  if (!fits) return tl::unexpected(argument_error(call, number, name, "of type int"));
  return to_int(value);
}

tl::expected<const Array*, BuiltinError> array_argument(BuiltinCall& call, std::size_t number, std::string_view name) {
  const Value& value = call.arguments[number].resolve();
  if (!value.is_array()) return tl::unexpected(argument_error(call, number, name, "of type array"));
  return &value.as_array();
}

}  // namespace assay::reference::php
