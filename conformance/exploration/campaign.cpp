#include "conformance/exploration/campaign.h"

#include <fmt/format.h>

#include <memory>

#include "conformance/generators/trace_generators.h"
#include "support/time/watched_budget.h"

namespace assay::conformance {
namespace {

// What a failing execution broke: two that break the same are one failure.
std::optional<std::string> broken_clause(const Execution& execution) {
  if (execution.verdict != Verdict::fail) return std::nullopt;
  if (execution.failed_clause.empty() && execution.expected.empty() && !execution.violations.empty())
    return execution.violations.front().clause;
  return execution.failed_clause;
}

// One run of a campaign.
class CampaignRun {
 public:
  CampaignRun(const Campaign::RunTrace& run, const CampaignOptions& options, TraceSource& source)
      : run_(run), options_(options), source_(source) {
    if (options.most_time) time_.emplace(*options.most_time);
  }

  TestResult run() {
    while (const auto candidate = next()) {
      if (!goes_on(*candidate)) return std::move(result_);
    }
    if (count_ == 0) {
      if (std::string reason = source_.reason_to_skip(); !reason.empty()) return skipped(std::move(reason));
    }
    if (const auto last = source_.last(); last && !goes_on(*last)) return std::move(result_);
    demand_minimum();
    source_.conclude(result_);
    return std::move(result_);
  }

 private:
  std::optional<Candidate> next() {
    std::optional<Candidate> candidate = source_.next();
    if (!candidate || candidate->role == Candidate::Role::probe) return candidate;
    const bool has_traces = options_.most_traces == 0 || traces_++ < options_.most_traces;
    const bool has_time = !time_ || time_->state() == TimeBudget::State::left;
    return has_traces && has_time ? std::move(candidate) : std::nullopt;
  }

  Execution judged(const Trace& trace) {
    Execution execution = run_(trace);
    source_.judge(trace, execution);
    return execution;
  }

  // False: the result is there.
  bool goes_on(const Candidate& candidate) {
    const Execution execution = judged(candidate.trace);
    result_.evidence += execution.evidence;
    switch (execution.verdict) {
      case Verdict::pass:
        for (const auto& [clause, holds] : execution.monitored) {
          if (holds) result_.clauses.try_emplace(clause, Verdict::pass);
        }
        observe(candidate, execution);
        return true;
      case Verdict::inconclusive:
        if (!candidate.may_not_exist || execution.was_refused) return end(result_of(execution, candidate.trace));
        why_not_ = execution.reason;
        observe(candidate, execution);
        return true;
      case Verdict::fail:
        return failed(candidate, execution);
      default:
        return end(result_of(execution, candidate.trace));
    }
  }

  void observe(const Candidate& candidate, const Execution& execution) {
    const std::uint64_t added = source_.observe(candidate, execution);
    count_ += added;
    if (candidate.counter) result_.evidence.*candidate.counter += added;
  }

  bool end(TestResult result) {
    Evidence evidence = std::move(result_.evidence);
    result_ = std::move(result);
    result_.evidence = std::move(evidence);
    return false;
  }

  bool failed(const Candidate& candidate, const Execution& execution) {
    TestResult failure = smallest_failure(candidate, execution);
    if (!source_.goes_on_after(candidate, execution, failure)) return end(std::move(failure));
    for (const auto& [clause, verdict] : failure.clauses) {
      if (verdict == Verdict::fail) result_.clauses[clause] = verdict;
    }
    if (result_.verdict == Verdict::fail) return true;
    result_.verdict = Verdict::fail;
    result_.reason = failure.reason;
    result_.details = failure.details;
    result_.failing_trace = std::move(failure.failing_trace);
    return true;
  }

  TestResult smallest_failure(const Candidate& candidate, const Execution& execution) {
    for (const Trace& part : source_.parts_of(candidate, execution)) {
      if (const Execution alone = judged(part); alone.verdict == Verdict::fail) return shrunk(part, alone);
    }
    return shrunk(candidate.trace, execution);
  }

  TestResult shrunk(const Trace& trace, const Execution& execution) {
    if (source_.shrinks()) {
      const Fails fails = [this](const Trace& smaller) { return broken_clause(judged(smaller)); };
      const Shrunk small = shrink(trace, *broken_clause(execution), fails, is_legal, options_.shrink);
      // Once more, for what it shows: chance may have had a part in the failure.
      if (const Execution last = judged(small.trace); last.verdict == Verdict::fail)
        return result_of(last, source_.as_test(small.trace, last));
    }
    return result_of(execution, source_.as_test(trace, execution));
  }

  TestResult skipped(std::string reason) {
    result_.clauses.clear();
    result_.verdict = Verdict::skip;
    result_.reason = std::move(reason);
    return std::move(result_);
  }

  // Too little says nothing about any clause.
  void demand_minimum() {
    if (count_ >= options_.least || result_.verdict != Verdict::pass) return;
    result_.clauses.clear();
    result_.verdict = Verdict::inconclusive;
    result_.reason = fmt::format("only {} {} ({} are needed)", count_, source_.counted(), options_.least);
    if (count_ == 0 && !why_not_.empty()) result_.reason += ": " + why_not_;
  }

  const Campaign::RunTrace& run_;
  const CampaignOptions& options_;
  TraceSource& source_;
  std::optional<WatchedBudget> time_;
  TestResult result_;
  std::uint64_t traces_ = 0, count_ = 0;
  std::string why_not_;  // the reason of the last trace that did not exist
};

}  // namespace

Campaign::Campaign(Target& target, std::filesystem::path folder, CampaignOptions options,
                   ExecutorOptions executor_options)
    : run_([executor = std::make_shared<Executor>(target, std::move(folder), std::move(executor_options))](
               const Trace& trace) { return executor->run(trace); }),
      options_(options) {}

TestResult Campaign::run(TraceSource& source) {
  return CampaignRun(run_, options_, source).run();
}

}  // namespace assay::conformance
