#include "conformance/exploration/model_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {
namespace {

Matcher anything_but(const Reply& reply) {
  if (reply.kind == Reply::Kind::thrown) return negated(throws(reply.error_class));
  return negated(equals(reply.value));
}

void refuse(Execution& execution, const Refusal& refusal) {
  execution.verdict = Verdict::fail;
  execution.failed_clause = refusal.clause;
  execution.failed_step = refusal.step;
  execution.failed_exchange = refusal.exchange;
  execution.reason = fmt::format("{}: step {}: {}", refusal.clause, refusal.step + 1, refusal.message);
}

}  // namespace

ModelCheck::MakeTrace ModelCheck::random(std::uint64_t seed, std::uint64_t traces,
                                         std::function<Trace(std::uint64_t seed)> make) {
  return [=](std::uint64_t number) -> std::optional<Joined> {
    if (number == traces) return std::nullopt;
    return Joined{make(seed + number), {}, {}};
  };
}

ModelCheck::Joined ModelCheck::Joined::of(std::vector<Trace> parts) {
  Joined joined{parts.front(), {}, {}};
  joined.trace.steps.clear();
  for (const Trace& part : parts) {
    joined.starts.push_back(joined.trace.steps.size());
    joined.trace.steps.insert(joined.trace.steps.end(), part.steps.begin(), part.steps.end());
  }
  joined.parts = std::move(parts);
  return joined;
}

std::optional<Candidate> ModelCheck::next() {
  auto joined = make_(number_++);
  if (!joined) return std::nullopt;
  current_ = std::move(*joined);
  return Candidate{current_.trace, Candidate::Role::counted, nullptr, false};
}

void ModelCheck::judge(const Trace& trace, Execution& execution) {
  if (execution.verdict != Verdict::pass) return;
  const Judgement judgement = model_(trace, execution.observations);
  refusal_ = judgement.refusal;
  execution.evidence.operations = judgement.judged - judgement.listings;
  execution.evidence.traces = std::max<std::size_t>(1, current_.parts.size());
  if (judgement.refusal) {
    refuse(execution, *judgement.refusal);
  } else if (!judgement.not_judged.empty() && !may_lose_track(judgement)) {
    execution.verdict = Verdict::inconclusive;
    execution.reason = "the model made no statement: " + judgement.not_judged;
  } else if (judgement.judged == 0) {
    execution.verdict = Verdict::inconclusive;
    execution.reason = "the model made no statement about any reply";
  }
}

bool ModelCheck::may_lose_track(const Judgement& judgement) {
  return judgement.lost_track && judgement.judged > 0 && ++judged_in_part_ <= 2 + number_ / 10;
}

std::uint64_t ModelCheck::observe(const Candidate&, const Execution&) {
  return std::max<std::uint64_t>(1, current_.parts.size());
}

// Alone, on a fresh runtime, a failure is short enough to be read.
std::vector<Trace> ModelCheck::parts_of(const Candidate&, const Execution& execution) const {
  const auto& starts = current_.starts;
  const auto after = std::upper_bound(starts.begin(), starts.end(), execution.failed_step);
  if (after == starts.begin()) return {};
  return {current_.parts[static_cast<std::size_t>(after - starts.begin() - 1)]};
}

Trace ModelCheck::as_test(Trace trace, const Execution& execution) const {
  if (!execution.expected.empty() || execution.failed_clause.empty()) return trace;
  for (const Observation& seen : execution.observations) {
    if (seen.step != execution.failed_step || seen.exchange != execution.failed_exchange) continue;
    auto& request = std::get<Request>(trace.steps[seen.step]);
    const bool is_told = refusal_ && refusal_->expected;
    request.exchanges[seen.exchange].expected = is_told ? refusal_->expected : anything_but(seen.reply);
    if (refusal_ && !refusal_->ends.empty()) request.ends = refusal_->ends;
  }
  trace.clauses = {execution.failed_clause};
  trace.note = execution.reason;
  return trace;
}

}  // namespace assay::conformance
