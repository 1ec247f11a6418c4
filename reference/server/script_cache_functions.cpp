#include "reference/server/script_cache_functions.h"

#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"
#include "reference/server/request_files.h"
#include "reference/server/script_cache_report.h"

namespace assay::reference {
namespace {

using php::BuiltinCall;
using php::BuiltinError;
using php::BuiltinResult;

Worker& worker_of(const BuiltinCall& call) {
  return static_cast<RequestFiles&>(*call.context.host).worker();
}

tl::expected<bool, BuiltinError> flag(BuiltinCall& call, std::size_t number, std::string_view name, bool fallback) {
  if (!call.has(number)) return fallback;
  const Value& value = call.arguments[number].resolve();
  if (value.is_array() || value.is_object()) return tl::unexpected(argument_error(call, number, name, "of type bool"));
  return php::to_bool(value);
}

BuiltinResult truth(BuiltinCall& call, const Expected<bool>& result) {
  if (result) return Value(*result);
  worker_of(call).abandon(result.error());
  return tl::unexpected(BuiltinError{"", result.error().message, nullptr});
}

BuiltinResult get_status(BuiltinCall& call) {
  const bool with_scripts = ASSAY_TRY(flag(call, 0, "include_scripts", true));
  return status_report(worker_of(call), with_scripts);
}

BuiltinResult get_configuration(BuiltinCall& call) {
  return configuration_report(worker_of(call));
}

BuiltinResult reset(BuiltinCall& call) {
  return truth(call, worker_of(call).reset());
}

BuiltinResult invalidate(BuiltinCall& call) {
  const std::string path = ASSAY_TRY(string_argument(call, 0, "filename"));
  const bool force = ASSAY_TRY(flag(call, 1, "force", false));
  return truth(call, worker_of(call).invalidate(path, force));
}

BuiltinResult is_script_cached(BuiltinCall& call) {
  const std::string path = ASSAY_TRY(string_argument(call, 0, "filename"));
  return truth(call, worker_of(call).is_cached(path, call.machine.frame().directory));
}

BuiltinResult compile_file(BuiltinCall& call) {
  const auto result = worker_of(call).compile_file(ASSAY_TRY(string_argument(call, 0, "filename")));
  if (result.parse_error) return tl::unexpected(BuiltinError{"ParseError", result.parse_error->message, nullptr});
  return Value(result.compiled);
}

php::BuiltinFunction restricted(BuiltinResult (*function)(BuiltinCall&)) {
  return [function](BuiltinCall& call) -> BuiltinResult {
    if (worker_of(call).may_use_api()) return function(call);
    call.warn(R"(Zend OPcache API is restricted by "restrict_api" configuration directive)");
    return Value(false);
  };
}

}  // namespace

void add_script_cache_functions(php::Builtins& builtins) {
  builtins.add("opcache_get_status", 0, 1, restricted(get_status));
  builtins.add("opcache_get_configuration", 0, 0, restricted(get_configuration));
  builtins.add("opcache_reset", 0, 0, restricted(reset));
  builtins.add("opcache_invalidate", 1, 2, restricted(invalidate));
  builtins.add("opcache_is_script_cached", 1, 1, restricted(is_script_cached));
  builtins.add("opcache_compile_file", 1, 1, compile_file);
}

}  // namespace assay::reference
