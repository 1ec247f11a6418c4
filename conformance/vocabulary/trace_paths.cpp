#include "conformance/vocabulary/trace_paths.h"

#include <fmt/format.h>

#include <vector>

namespace assay::conformance {
namespace {

// Whether a path without links never leads above its beginning.
bool stays_below(std::string_view path) {
  int depth = 0;
  while (!path.empty() && depth >= 0) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (name == "..")
      --depth;
    else if (!name.empty() && name != ".")
      ++depth;
  }
  return depth >= 0;
}

bool begins_at_root(std::string_view path) {
  return path == "@" || path.starts_with("@/");
}

constexpr std::string_view way_out = "replay it with --allow-outside if you trust this trace";

// Why the path of an action may not stand; empty where it may.
std::string fault_of_action(const std::string& path, PathRole role, bool allow_outside) {
  if (path.find('\0') != std::string::npos) return "has a NUL byte";
  if (begins_at_root(path)) return stays_below(path.substr(1)) ? "" : "leads out of the sandbox";
  if (path.starts_with('/')) return allow_outside ? "" : fmt::format("is outside of the sandbox; {}", way_out);
  if (role == PathRole::link_text) return "";
  return "does not begin with @, which is the folder of the run";
}

// The same for an operation, which the target carries out.
std::string fault_of_operation(std::string path, PathRole role, bool allow_outside) {
  constexpr std::string_view local = "file://@";
  if (path.starts_with(local)) path.erase(0, local.size() - 1);
  if (begins_at_root(path)) return stays_below(path.substr(1)) ? "" : "leads out of the sandbox";
  const bool is_outside = path.starts_with('/') || path.find("://") != std::string::npos;
  if (is_outside) return allow_outside ? "" : fmt::format("is outside of the sandbox; {}", way_out);
  return role == PathRole::link_text || stays_below(path) ? "" : "leads out of the folder that it begins in";
}

std::string fault_of(const std::string& path, PathRole role, bool is_action, bool allow_outside) {
  switch (role) {
    case PathRole::reads:
      return "";
    case PathRole::file_name:
      return path.find('/') == std::string::npos ? "" : "has a slash, which no name of a rendezvous may have";
    default:
      return is_action ? fault_of_action(path, role, allow_outside) : fault_of_operation(path, role, allow_outside);
  }
}

Expected<void> check_call(const Call& call, bool is_action, bool allow_outside) {
  for (const PathParameter& path : path_parameters()) {
    if (path.spec != call.spec || !call.argument(path.parameter).is_string()) continue;
    const Value& value = call.argument(path.parameter);
    const std::string fault = fault_of(value.as_string(), path.role, is_action, allow_outside);
    if (!fault.empty())
      return failure(
          fmt::format("field \"{}\" of \"{}\": {} {}", path.parameter, call.spec->name, to_text(value, 120), fault));
  }
  return {};
}

Expected<void> check_step(const Step& step, bool allow_outside) {
  if (const auto* action = std::get_if<Action>(&step)) return check_call(*action, true, allow_outside);
  for (const Exchange& exchange : std::get<Request>(step).exchanges)
    ASSAY_TRY(check_call(exchange.operation, false, allow_outside));
  return {};
}

}  // namespace

std::span<const PathParameter> path_parameters() {
  static const std::vector<PathParameter> parameters = {
#define ACTION_PATH(kind, parameter, role) {&spec_of(ActionKind::kind), #parameter, PathRole::role},
#define OPERATION_PATH(kind, parameter, role) {&spec_of(OperationKind::kind), #parameter, PathRole::role},
#include "conformance/vocabulary/path_roles.def"
#undef ACTION_PATH
#undef OPERATION_PATH
  };
  return parameters;
}

Expected<void> check_paths(const Trace& trace, const std::string& file, bool allow_outside) {
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    if (auto checked = check_step(trace.steps[i], allow_outside); !checked)
      return failure(fmt::format("{}:{}: {}", file, line_of_step(i), checked.error().message));
  }
  return {};
}

}  // namespace assay::conformance
