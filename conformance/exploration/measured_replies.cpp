#include "conformance/exploration/measured_replies.h"

#include <algorithm>

namespace assay::conformance {

void MeasuredReplies::add(const Trace& trace, const Execution& execution, const std::string& only) {
  for (const Observation& seen : execution.observations) {
    const std::string& label = std::get<Request>(trace.steps[seen.step]).exchanges[seen.exchange].label;
    if (label.empty() || (!only.empty() && label != only)) continue;
    allow(label, like(seen.reply));
  }
}

void MeasuredReplies::allow(const std::string& label, Matcher reply) {
  auto& known = replies_[label];
  if (std::find(known.begin(), known.end(), reply) == known.end()) known.push_back(std::move(reply));
}

Trace MeasuredReplies::expected_of(Trace trace) const {
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    for (Exchange& exchange : request->exchanges) {
      const auto found = replies_.find(exchange.label);
      if (found == replies_.end() || exchange.expected) continue;
      exchange.expected = found->second.size() == 1 ? found->second.front() : any_of(found->second);
    }
  }
  return trace;
}

// How a message is worded is left to it.
Matcher MeasuredReplies::like(const Reply& reply) const {
  Matcher result = reply.kind == Reply::Kind::thrown ? throws(reply.error_class) : equals(reply.value);
  return what_ == What::result ? result : all_of({std::move(result), prints(reply.output)});
}

}  // namespace assay::conformance
