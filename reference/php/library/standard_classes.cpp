#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

// Functions about functions, classes, objects and included files.
namespace assay::reference::php {

namespace {

RuntimeClass* class_of_argument(BuiltinCall& call, std::size_t number = 0) {
  const Value& value = call.arguments[number];
  if (value.is_object()) return &call.machine.class_of(*value.as_object());
  return value.is_string() ? call.machine.find_class(value.as_string()) : nullptr;
}

template <typename Accepts>
BuiltinFunction declared(Accepts accepts) {
  return [accepts](BuiltinCall& call) -> BuiltinResult {
    auto name = ASSAY_TRY(string_argument(call, 0, "class"));
    const bool autoload = !call.has(1) || to_bool(call.arguments[1]);
    const RuntimeClass* type = call.machine.find_class(name, autoload);
    return Value(type != nullptr && accepts(type->data->kind));
  };
}

BuiltinResult parent_of(BuiltinCall& call) {
  RuntimeClass* type = call.has(0) ? class_of_argument(call) : call.machine.frame().scope;
  return type == nullptr || type->parent == nullptr ? Value(false) : Value(type->parent->name);
}

BuiltinResult relation(BuiltinCall& call, bool itself) {
  RuntimeClass* type = class_of_argument(call);
  const RuntimeClass* other = call.machine.find_class(to_string(call.arguments[1]), false);
  return Value(type != nullptr && other != nullptr && type->is_a(*other) && (itself || type != other));
}

BuiltinResult object_variables(BuiltinCall& call) {
  if (!call.arguments[0].is_object()) return tl::unexpected(argument_error(call, 0, "object", "of type object"));
  const Array visible = call.machine.visible_properties(*call.arguments[0].as_object());
  Array result;
  for (std::size_t at = visible.first(); at != visible.end(); at = visible.next(at))
    result.set(visible.at(at).key.as_string(), visible.at(at).value);
  return Value(std::move(result));
}

BuiltinResult call_function(BuiltinCall& call) {
  std::vector<Value> rest(call.arguments.begin() + 1, call.arguments.end());
  if (!call.machine.find_callable(call.arguments[0])) {
    const std::string shown = call.arguments[0].is_string() ? "function \"" + call.arguments[0].as_string() +
                                                                  "\" not found or invalid function name"
                                                            : "no array or string given";
    return tl::unexpected(BuiltinError{
        "TypeError", std::string(call.name) + "(): Argument #1 ($callback) must be a valid callback, " + shown,
        nullptr});
  }
  return call.call_back(call.arguments[0], std::move(rest));
}

BuiltinResult call_with_array(BuiltinCall& call) {
  auto list = ASSAY_TRY(array_argument(call, 1, "args"));
  std::vector<Value> arguments = {call.arguments[0]};
  for (std::size_t at = list->first(); at != list->end(); at = list->next(at)) arguments.push_back(list->at(at).value);
  call.arguments = std::move(arguments);
  return call_function(call);
}

BuiltinResult included_files(BuiltinCall& call) {
  Array result;
  for (const std::string& file : call.context.included_files) result.append(file);
  return Value(std::move(result));
}

}  // namespace

void add_class_functions(Builtins& builtins) {
  constexpr std::size_t kAny = Builtins::kAny;
  builtins.add("function_exists", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(call.machine.find_function(to_string(call.arguments[0])).has_value());
  });
  builtins.add("class_exists", 1, 2,
               declared([](ClassKind kind) { return kind == ClassKind::class_ || kind == ClassKind::enum_; }));
  builtins.add("interface_exists", 1, 2, declared([](ClassKind kind) { return kind == ClassKind::interface; }));
  builtins.add("trait_exists", 1, 2, declared([](ClassKind kind) { return kind == ClassKind::trait; }));
  builtins.add("enum_exists", 1, 2, declared([](ClassKind kind) { return kind == ClassKind::enum_; }));
  builtins.add("method_exists", 2, 2, [](BuiltinCall& call) -> BuiltinResult {
    const RuntimeClass* type = class_of_argument(call);
    return Value(type != nullptr && type->find_method(lower(to_string(call.arguments[1]))) != nullptr);
  });
  builtins.add("property_exists", 2, 2, [](BuiltinCall& call) -> BuiltinResult {
    const RuntimeClass* type = class_of_argument(call);
    const std::string name = to_string(call.arguments[1]);
    if (type == nullptr) return Value(false);
    const bool own = call.arguments[0].is_object() &&
                     call.arguments[0].as_object()->properties.find(ArrayKey::verbatim(name)) != nullptr;
    return Value(own || type->find_property(name) != nullptr || type->statics.contains(name));
  });
  builtins.add("get_class", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    if (!call.arguments[0].is_object()) return tl::unexpected(argument_error(call, 0, "object", "of type object"));
    return Value(call.arguments[0].as_object()->class_name);
  });
  builtins.add("get_parent_class", 0, 1, parent_of);
  builtins.add("is_a", 2, 3, [](BuiltinCall& call) -> BuiltinResult { return relation(call, true); });
  builtins.add("is_subclass_of", 2, 3, [](BuiltinCall& call) -> BuiltinResult { return relation(call, false); });
  builtins.add("get_object_vars", 1, 1, object_variables);
  builtins.add("spl_object_id", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    if (!call.arguments[0].is_object()) return tl::unexpected(argument_error(call, 0, "object", "of type object"));
    return Value(call.arguments[0].as_object()->id);
  });
  builtins.add("spl_autoload_register", 1, 3, [](BuiltinCall& call) -> BuiltinResult {
    call.context.autoloaders.push_back(call.arguments[0]);
    return Value(true);
  });
  builtins.add("call_user_func", 1, kAny, call_function);
  builtins.add("call_user_func_array", 2, 2, call_with_array);
  builtins.add("func_get_args", 0, 0, [](BuiltinCall& call) -> BuiltinResult {
    Array result;
    for (const Value& each : call.machine.frame().arguments) result.append(each.resolve());
    return Value(std::move(result));
  });
  builtins.add("func_num_args", 0, 0,
               [](BuiltinCall& call) -> BuiltinResult { return Value(call.machine.frame().arguments.size()); });
  builtins.add("get_included_files", 0, 0, included_files);
  builtins.add("get_required_files", 0, 0, included_files);
  builtins.add("get_declared_classes", 0, 0, [](BuiltinCall& call) -> BuiltinResult {
    Array result;
    const auto add = [&](const Script& prelude) {
      for (const ClassData* type : prelude.classes) result.append(std::string(type->name->view()));
    };
    for (const Script* prelude : call.machine.builtins().preludes()) add(*prelude);
    for (const LatePrelude* prelude : call.machine.builtins().late_preludes()) add(prelude->script());
    for (const RuntimeClass* each : call.context.class_order) result.append(each->name);
    return Value(std::move(result));
  });
}

}  // namespace assay::reference::php
