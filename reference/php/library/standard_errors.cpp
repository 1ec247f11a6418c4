// Error handlers, shutdown functions, errors that scripts trigger themselves.
#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {

namespace {

constexpr std::int64_t kAll = 32767, kUserError = 256, kUserWarning = 512, kUserNotice = 1024, kUserDeprecated = 16384;

BuiltinError no_callback(const BuiltinCall& call, const std::string& must) {
  const Value& callable = call.arguments[0];
  const std::string fault = callable.is_string()
                                ? "function \"" + callable.as_string() + "\" not found or invalid function name"
                                : "no array or string given";
  BuiltinError error = argument_error(call, 0, "callback", must + ", " + fault);
  error.class_name = "TypeError";
  return error;
}

BuiltinResult set_error_handler(BuiltinCall& call) {
  auto& handlers = call.context.error_handlers;
  const Value& callable = call.arguments[0];
  if (!callable.is_null() && !call.machine.find_callable(callable))
    return tl::unexpected(no_callback(call, "a valid callback or null"));
  const std::int64_t levels = call.has(1) ? ASSAY_TRY(int_argument(call, 1, "error_levels")) : kAll;
  Value previous = handlers.empty() ? Value() : handlers.back().callable;
  handlers.push_back({callable, levels});
  return previous;
}

BuiltinResult restore_error_handler(BuiltinCall& call) {
  auto& handlers = call.context.error_handlers;
  if (!handlers.empty()) handlers.pop_back();
  return Value(true);
}

BuiltinResult register_shutdown_function(BuiltinCall& call) {
  const Value& callable = call.arguments[0];
  if (!call.machine.find_callable(callable)) return tl::unexpected(no_callback(call, "a valid callback"));
  call.context.shutdown_functions.push_back({callable, {call.arguments.begin() + 1, call.arguments.end()}});
  return Value();
}

BuiltinResult trigger_error(BuiltinCall& call) {
  auto message = ASSAY_TRY(string_argument(call, 0, "message"));
  const std::int64_t level = call.has(1) ? ASSAY_TRY(int_argument(call, 1, "error_level")) : kUserNotice;
  Severity severity = Severity::fatal;
  if (level == kUserWarning) severity = Severity::warning;
  if (level == kUserNotice) severity = Severity::notice;
  if (level == kUserDeprecated) severity = Severity::deprecated;
  if (severity == Severity::fatal && level != kUserError)
    return tl::unexpected(argument_error(call, 1, "error_level",
                                         "one of E_USER_ERROR, E_USER_WARNING, E_USER_NOTICE, or E_USER_DEPRECATED"));
  Diagnostic told{severity, std::move(message), std::string(call.file), call.line};
  if (severity != Severity::fatal)
    call.machine.report_at(std::move(told), level);
  else if (!call.machine.is_handled(told, level))
    return tl::unexpected(BuiltinError{"", std::move(told.message), nullptr});
  return Value(true);
}

}  // namespace

void add_error_functions(Builtins& builtins) {
  for (const auto& [name, level] : {std::pair{"E_ERROR", std::int64_t{1}},
                                    {"E_WARNING", 2},
                                    {"E_PARSE", 4},
                                    {"E_NOTICE", 8},
                                    {"E_USER_ERROR", kUserError},
                                    {"E_USER_WARNING", kUserWarning},
                                    {"E_USER_NOTICE", kUserNotice},
                                    {"E_DEPRECATED", 8192},
                                    {"E_USER_DEPRECATED", kUserDeprecated},
                                    {"E_ALL", kAll}})
    builtins.add_constant(name, Value(level));
  builtins.add("set_error_handler", 1, 2, set_error_handler);
  builtins.add("restore_error_handler", 0, 0, restore_error_handler);
  builtins.add("register_shutdown_function", 1, Builtins::kAny, register_shutdown_function);
  builtins.add("trigger_error", 1, 2, trigger_error);
}

}  // namespace assay::reference::php
