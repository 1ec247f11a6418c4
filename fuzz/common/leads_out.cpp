#include "fuzz/common/leads_out.h"

#include <algorithm>

#include "conformance/vocabulary/trace_paths.h"

namespace assay::fuzz {

using namespace conformance;

namespace {

bool goes_up(const std::string& text) {
  return text.find("..") != std::string::npos;
}

bool names_a_place(const Directives& ini) {
  return std::any_of(ini.begin(), ini.end(), [](const auto& entry) {
    return goes_up(entry.second) || (entry.second.find('/') != std::string::npos && !entry.second.starts_with("@"));
  });
}

// A link whose text goes up; a directive, or a file of directives (.user.ini), that names a log or the like.
bool call_may(const Call& call) {
  for (const PathParameter& path : path_parameters()) {
    const bool is_link = path.spec == call.spec && path.role == PathRole::link_text;
    if (is_link && call.argument(path.parameter).is_string() && goes_up(call.text(path.parameter))) return true;
  }
  return std::any_of(call.arguments.begin(), call.arguments.end(), [](const Value& value) {
    return value.is_string() && (value.as_string().find("opcache.") != std::string::npos ||
                                 value.as_string().find("touch") != std::string::npos ||
                                 value.as_string().find("file_put_contents") != std::string::npos);
  });
}

}  // namespace

bool may_lead_out(const Trace& trace) {
  const auto& pools = trace.configuration.pools;
  if (names_a_place(trace.configuration.ini)) return true;
  if (std::any_of(pools.begin(), pools.end(), [](const Pool& pool) { return names_a_place(pool.ini); })) return true;
  return std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    if (const auto* action = std::get_if<Action>(&step)) return call_may(*action);
    const auto& exchanges = std::get<Request>(step).exchanges;
    return std::any_of(exchanges.begin(), exchanges.end(),
                       [](const Exchange& exchange) { return call_may(exchange.operation); });
  });
}

}  // namespace assay::fuzz
