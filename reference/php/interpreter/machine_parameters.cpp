#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

// How arguments become the parameters of a function.
namespace assay::reference::php {

void Machine::check_type(const Callee& callee, const ParameterData& parameter, std::size_t index, Value& value) {
  if (parameter.type == nullptr) return;
  const std::string type = lower(trim(parameter.type->view(), "?"));
  Value& actual = value.resolve();
  if (actual.is_null() && (parameter.flags & kNullableType)) return;
  const bool is_ours = callee.function->file->size == 0;
  bool fits = true;
  if (type == "int") {
    if (actual.is_bool() || (actual.is_string() && is_numeric(actual))) actual = Value(to_int(actual));
    fits = actual.is_int() || (actual.is_float() && static_cast<double>(to_int(actual)) == actual.as_float());
    if (fits && actual.is_float()) actual = Value(to_int(actual));
  } else if (type == "float") {
    if (actual.is_int() || actual.is_bool() || (actual.is_string() && is_numeric(actual)))
      actual = Value(to_float(actual));
    fits = actual.is_float();
  } else if (type == "string") {
    if (actual.is_int() || actual.is_float() || actual.is_bool()) actual = Value(to_string(actual));
    fits = actual.is_string();
  } else if (type == "bool") {
    if (actual.is_int() || actual.is_float() || actual.is_string()) actual = Value(to_bool(actual));
    fits = actual.is_bool();
  } else if (type == "array") {
    fits = actual.is_array();
  } else if (type == "object") {
    fits = actual.is_object();
  } else if (is_ours && find_class(type, false) != nullptr) {
    fits = actual.is_object() && instance_of(*actual.as_object(), type);
  }
  if (fits) return;
  throw_error("TypeError", callee.display_name() + "(): Argument #" + std::to_string(index + 1) + " ($" +
                               std::string(parameter.name->view()) + ") must be of type " +
                               std::string(parameter.type->view()) + ", " + type_name(actual) + " given" +
                               (is_ours ? "" : ", called in " + here()));
}

std::string Machine::here() const {
  return std::string(frame_->place().file) + " on line " + std::to_string(frame_->place().line);
}

// A function of ours speaks as one of PHP's own.
std::string Machine::too_few(const Callee& callee, std::size_t given, std::size_t required) const {
  const std::string bound = required == callee.function->parameters.count ? "exactly " : "at least ";
  if (callee.function->file->size == 0) {
    return callee.display_name() + "() expects " + bound + std::to_string(required) + " argument" +
           (required == 1 ? "" : "s") + ", " + std::to_string(given) + " given";
  }
  return "Too few arguments to function " + callee.display_name() + "(), " + std::to_string(given) + " passed in " +
         here() + " and " + bound + std::to_string(required) + " expected";
}

void Machine::bind_parameters(const Callee& callee, Frame& frame, std::vector<Value>& arguments) {
  const auto& parameters = callee.function->parameters;
  std::size_t required = 0;
  for (std::size_t i = 0; i < parameters.count; ++i) {
    if (parameters[i].initial == nullptr && (parameters[i].flags & kVariadic) == 0) required = i + 1;
  }
  if (arguments.size() < required) {
    const std::string message = too_few(callee, arguments.size(), required);
    FrameScope scope(*this, frame);
    throw_error("ArgumentCountError", message);
  }
  for (std::size_t i = 0; i < parameters.count; ++i) {
    const ParameterData& parameter = parameters[i];
    const std::string name(parameter.name->view());
    if (parameter.flags & kVariadic) {
      Array rest;
      for (std::size_t j = i; j < arguments.size(); ++j) rest.append(arguments[j]);
      (*frame.variables)[name] = Value(std::move(rest));
      break;
    }
    Value value;
    if (i < arguments.size()) {
      value = (parameter.flags & kReferenceParameter) ? arguments[i] : Value(arguments[i].resolve());
      check_type(callee, parameter, i, value);
    } else {
      FrameScope scope(*this, frame);
      value = evaluate(*parameter.initial);
    }
    if (parameter.flags & kPromoted) callee.self->properties.set(ArrayKey::verbatim(name), value.resolve());
    (*frame.variables)[name] = std::move(value);
  }
}

}  // namespace assay::reference::php
