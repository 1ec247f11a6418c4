#include "conformance/monitors/status.h"
#include "conformance/vocabulary/status_paths.h"

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
  status.used = number(report, status_path::used);
  status.free = number(report, status_path::free_memory);
  status.wasted = number(report, status_path::wasted);
  status.strings_size = number(report, status_path::strings_size);
  status.strings_used = number(report, status_path::strings_used);
  status.strings_free = number(report, status_path::strings_free);
  status.scripts_counted = number(report, status_path::scripts);
  status.restart_mark = number(report, status_path::last_restart);
  status.start_time = number(report, status_path::start_time);
  const auto memory = number(report, status_path::oom_restarts);
  const auto table = number(report, status_path::hash_restarts);
  const auto manual = number(report, status_path::manual_restarts);
  if (memory && table && manual) status.restarts = *memory + *table + *manual;
  const Value* scripts = report.find(Key("scripts"));
  if (scripts && scripts->is_array()) status.scripts = &scripts->as_array();
  return status;
}

}  // namespace assay::conformance
