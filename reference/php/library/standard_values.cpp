#include <cmath>

#include "reference/php/library/export.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

template <typename Test>
BuiltinFunction is(Test test) {
  return [test](BuiltinCall& call) -> BuiltinResult { return Value(test(call.arguments[0])); };
}

BuiltinResult define_constant(BuiltinCall& call) {
  auto name = ASSAY_TRY(string_argument(call, 0, "constant_name"));
  if (call.machine.builtins().constant(name) != nullptr || call.context.constants.contains(name)) {
    call.warn("Constant " + name + " already defined");
    return Value(false);
  }
  call.context.constants.emplace(name, call.arguments[1]);
  return Value(true);
}

// A global constant or Class::NAME; nothing when there is none.
std::optional<Value> find_constant(BuiltinCall& call, const std::string& name) {
  if (auto found = call.context.constants.find(name); found != call.context.constants.end()) return found->second;
  if (const Value* found = call.machine.builtins().constant(name)) return *found;
  const std::size_t colons = name.find("::");
  if (colons == std::string::npos) return std::nullopt;
  RuntimeClass* type = call.machine.find_class(name.substr(0, colons));
  if (type == nullptr || !type->constants.contains(name.substr(colons + 2))) return std::nullopt;
  return call.machine.class_constant(*type, name.substr(colons + 2));
}

BuiltinResult integer_division(BuiltinCall& call) {
  auto dividend = ASSAY_TRY(int_argument(call, 0, "num1"));
  auto divisor = ASSAY_TRY(int_argument(call, 1, "num2"));
  if (divisor == 0) return tl::unexpected(BuiltinError{"DivisionByZeroError", "Division by zero", nullptr});
  if (divisor == -1 && dividend == INT64_MIN) {
    return tl::unexpected(BuiltinError{"ArithmeticError", "Division of PHP_INT_MIN by -1 is not an integer", nullptr});
  }
  return Value(dividend / divisor);
}

using Print = std::string (*)(const Value&, Machine&);

// Prints, or with a true second argument answers the text.
BuiltinFunction printer(Print print) {
  return [print](BuiltinCall& call) -> BuiltinResult {
    std::string text = print(call.arguments[0], call.machine);
    if (call.has(1) && to_bool(call.arguments[1])) return Value(std::move(text));
    call.machine.write(text);
    return print == &var_export ? Value() : Value(true);
  };
}

BuiltinFunction rounder(double (*operation)(double)) {
  return [operation](BuiltinCall& call) -> BuiltinResult { return Value(operation(to_float(call.arguments[0]))); };
}

}  // namespace

void add_value_functions(Builtins& builtins) {
  constexpr std::size_t kAny = Builtins::kAny;
  builtins.add("is_null", 1, 1, is([](const Value& value) { return value.is_null(); }));
  builtins.add("is_bool", 1, 1, is([](const Value& value) { return value.is_bool(); }));
  builtins.add("is_int", 1, 1, is([](const Value& value) { return value.is_int(); }));
  builtins.add("is_integer", 1, 1, is([](const Value& value) { return value.is_int(); }));
  builtins.add("is_float", 1, 1, is([](const Value& value) { return value.is_float(); }));
  builtins.add("is_string", 1, 1, is([](const Value& value) { return value.is_string(); }));
  builtins.add("is_array", 1, 1, is([](const Value& value) { return value.is_array(); }));
  builtins.add("is_object", 1, 1, is([](const Value& value) { return value.is_object(); }));
  builtins.add("is_numeric", 1, 1, is([](const Value& value) { return is_numeric(value); }));
  builtins.add("is_iterable", 1, 1, is([](const Value& value) { return value.is_array(); }));
  builtins.add("is_nan", 1, 1, is([](const Value& value) { return std::isnan(to_float(value)); }));
  builtins.add("is_scalar", 1, 1, is([](const Value& value) {
                 return value.is_bool() || value.is_int() || value.is_float() || value.is_string();
               }));
  builtins.add("is_callable", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(call.machine.find_callable(call.arguments[0]).has_value());
  });
  builtins.add("gettype", 1, 1,
               [](BuiltinCall& call) -> BuiltinResult { return Value(long_type_name(call.arguments[0])); });
  builtins.add("get_debug_type", 1, 1,
               [](BuiltinCall& call) -> BuiltinResult { return Value(type_name(call.arguments[0])); });
  builtins.add("intval", 1, 1, [](BuiltinCall& call) -> BuiltinResult { return Value(to_int(call.arguments[0])); });
  builtins.add("floatval", 1, 1, [](BuiltinCall& call) -> BuiltinResult { return Value(to_float(call.arguments[0])); });
  builtins.add("boolval", 1, 1, [](BuiltinCall& call) -> BuiltinResult { return Value(to_bool(call.arguments[0])); });
  builtins.add("strval", 1, 1,
               [](BuiltinCall& call) -> BuiltinResult { return Value(call.machine.text_of(call.arguments[0])); });
  builtins.add("abs", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    const Value& value = call.arguments[0];
    if (value.is_int() && value.as_int() != INT64_MIN) return Value(std::abs(value.as_int()));
    if (is_numeric(value) && to_float(value) == static_cast<double>(to_int(value)) && value.is_string())
      return Value(std::abs(to_int(value)));
    return Value(std::fabs(to_float(value)));
  });
  builtins.add("intdiv", 2, 2, integer_division);
  builtins.add("floor", 1, 1, rounder(std::floor));
  builtins.add("ceil", 1, 1, rounder(std::ceil));
  builtins.add("round", 1, 1, rounder(std::round));
  builtins.add("sqrt", 1, 1, rounder(std::sqrt));
  builtins.add("var_export", 1, 2, printer(var_export));
  builtins.add("print_r", 1, 2, printer(print_r));
  builtins.add("var_dump", 1, kAny, [](BuiltinCall& call) -> BuiltinResult {
    for (const Value& each : call.arguments) call.machine.write(var_dump(each, call.machine));
    return Value();
  });
  builtins.add("json_encode", 1, 1,
               [](BuiltinCall& call) -> BuiltinResult { return Value(json_encode(call.arguments[0], call.machine)); });
  builtins.add("define", 2, 2, define_constant);
  builtins.add("defined", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(find_constant(call, call.machine.text_of(call.arguments[0])).has_value());
  });
  builtins.add("constant", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    const std::string name = call.machine.text_of(call.arguments[0]);
    if (auto found = find_constant(call, name)) return *found;
    const bool of_class = name.find("::") != std::string::npos;
    return tl::unexpected(
        BuiltinError{"Error", "Undefined constant " + (of_class ? name : "\"" + name + "\""), nullptr});
  });
  builtins.add("error_reporting", 0, 1, [](BuiltinCall&) -> BuiltinResult { return Value(32767); });
}

}  // namespace assay::reference::php
