#include "conformance/execution/hang_note.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {
namespace {

constexpr std::string_view found = "Found with a request that hung: ";

const Observation* hung_request(const Execution& execution) {
  const auto& all = execution.observations;
  const auto hung =
      std::find_if(all.begin(), all.end(), [](const Observation& o) { return o.outcome == Outcome::Kind::hung; });
  return hung == all.end() ? nullptr : &*hung;
}

}  // namespace

void note_hang(Trace& trace, const Execution& execution) {
  const Observation* hung = hung_request(execution);
  if (execution.verdict != Verdict::fail || !hung || trace.note.find(found) != std::string::npos) return;
  if (!trace.note.empty()) trace.note += "\n";
  trace.note += fmt::format("{}step {}", found, hung->step + 1);
  if (execution.failed_step == hung->step) trace.note += ", " + execution.actual;
}

std::string missing_hang(const Trace& trace, const Execution& replay) {
  const std::size_t at = trace.note.find(found);
  if (at == std::string::npos || replay.verdict == Verdict::error || hung_request(replay)) return "";
  const std::size_t begin = at + found.size();
  return fmt::format("The hang that this trace was written down for did not come again ({}).",
                     trace.note.substr(begin, trace.note.find('\n', begin) - begin));
}

}  // namespace assay::conformance
