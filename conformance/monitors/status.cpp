#include "conformance/monitors/status.h"

namespace assay::conformance {

namespace {

std::optional<std::int64_t> number(const Value& report, const Path& path) {
  const Value* found = report.at(path);
  return found && found->is_int() ? std::optional(found->as_int()) : std::nullopt;
}

std::optional<bool> flag(const Value& report, const char* name) {
  const Value* found = report.find(Key(name));
  return found && found->is_bool() ? std::optional(found->as_bool()) : std::nullopt;
}

}  // namespace

std::optional<ScriptStatus> script_status(const Observation& observation) {
  if (observation.operation.kind() != OperationKind::script_status) return std::nullopt;
  if (observation.reply.kind != Reply::Kind::value || !observation.reply.value.is_array()) return std::nullopt;
  const Value& report = observation.reply.value;
  ScriptStatus status;
  status.enabled = flag(report, "opcache_enabled");
  status.restart_pending = flag(report, "restart_pending");
  status.restart_in_progress = flag(report, "restart_in_progress");
  status.used = number(report, {"memory_usage", "used_memory"});
  status.free = number(report, {"memory_usage", "free_memory"});
  status.wasted = number(report, {"memory_usage", "wasted_memory"});
  status.strings_size = number(report, {"interned_strings_usage", "buffer_size"});
  status.strings_used = number(report, {"interned_strings_usage", "used_memory"});
  status.strings_free = number(report, {"interned_strings_usage", "free_memory"});
  status.scripts_counted = number(report, {"opcache_statistics", "num_cached_scripts"});
  status.restart_mark = number(report, {"opcache_statistics", "last_restart_time"});
  status.start_time = number(report, {"opcache_statistics", "start_time"});
  const auto memory = number(report, {"opcache_statistics", "oom_restarts"});
  const auto table = number(report, {"opcache_statistics", "hash_restarts"});
  const auto manual = number(report, {"opcache_statistics", "manual_restarts"});
  if (memory && table && manual) status.restarts = *memory + *table + *manual;
  const Value* scripts = report.find(Key("scripts"));
  if (scripts && scripts->is_array()) status.scripts = &scripts->as_array();
  return status;
}

}  // namespace assay::conformance
