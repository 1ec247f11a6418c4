#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// A trace that a source proposes.
struct Candidate {
  // counted: one of those that the campaign is about. probe: shows the source what there is to try; outside the budget.
  enum class Role { counted, probe };

  Trace trace;
  Role role = Role::counted;
  // The evidence that grows by what observe() gives, beside the campaign's own count.
  std::uint64_t Evidence::*counter = nullptr;
  // A planned fault may find no visit: then the trace does not exist, and the campaign goes on. Otherwise an
  // inconclusive execution makes the campaign inconclusive.
  bool may_not_exist = true;
};

// Where the traces of a campaign come from: schedules, sweeps, crash states, random histories, ... A source says which
// trace comes next and learns from its execution; to run traces, to sum up and to judge the whole is the campaign's.
// One thread; for one campaign.
class TraceSource {
 public:
  virtual ~TraceSource() = default;

  // The next trace; none when there are no more.
  virtual std::optional<Candidate> next() = 0;
  // Once, after the last one or when the budget is spent, where something was counted.
  virtual std::optional<Candidate> last() { return std::nullopt; }

  // Says more of an execution than matchers and monitors do (a model, a checker): may turn a pass into a fail or an
  // inconclusive, and correct the evidence. Of each execution, also of those that only make a failure smaller.
  virtual void judge(const Trace&, Execution&) {}

  // Learns from an execution that passed, or that does not exist. Returns how much of what is counted it adds.
  virtual std::uint64_t observe(const Candidate& candidate, const Execution& execution) {
    return candidate.role == Candidate::Role::counted && execution.verdict == Verdict::pass ? 1 : 0;
  }

  // What is counted, in the plural: "schedules".
  virtual std::string counted() const = 0;
  // Of a campaign that counted nothing: why there is nothing to do, which makes it a skip; empty: it is inconclusive.
  virtual std::string reason_to_skip() const { return ""; }

  // The failing trace as a test of its own: it fails again when it is replayed without this source.
  virtual Trace as_test(Trace trace, const Execution&) const { return trace; }
  // Shorter traces, one of which may fail as well.
  virtual std::vector<Trace> parts_of(const Candidate&, const Execution&) const { return {}; }
  // Whether a failing trace is worth making smaller step by step.
  virtual bool shrinks() const { return false; }

  // Whether the campaign goes on after this failure. It keeps the first trace, and every clause that was broken.
  virtual bool goes_on_after(const Candidate&, const Execution&, const TestResult&) { return false; }

  // The last word on a campaign that came to its end: what it showed, in its reason or details.
  virtual void conclude(TestResult&) {}
};

}  // namespace assay::conformance
