#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// What a sweep lets happen, one after the other, at every occasion.
struct SweptFault {
  std::string point;            // a name or a prefix with '*', as the action `arm` takes it
  std::string effect;           // "fail" or "kill"
  std::string error;            // of "fail": the name of an errno
  bool onwards = false;         // at this occasion and at each one after it
  std::optional<int> worker{};  // only in this worker
};

// Runs one trace again and again, each time with a fault one occasion later: at the first visit of the points, at the
// second, and so on until a run ends without a visit so late. Each run has a fresh runtime.
//
// The trace is a template: its first action `arm` that only counts, or else its first `arm`, marks the place at which
// the fault is armed, and is replaced; a trace without one has it armed before its first step. It disarms by itself,
// and its matchers say what must hold wherever the fault hits.
class Sweep {
 public:
  // `most`: no more occasions than this for one fault; a sweep that ends there says so in `complete`.
  Sweep(Target& target, std::filesystem::path folder, std::uint64_t most);

  // False as soon as a run fails; the failure stays for result().
  bool run(const Trace& pattern, const SweptFault& fault);

  // Occasions at which the fault took effect, over all runs so far.
  std::uint64_t occasions() const { return occasions_; }
  bool complete() const { return complete_; }

  // The first failure with the trace that replays it, or a pass. A sweep with fewer than `needed` occasions is
  // inconclusive; one with none at all is a skip: the target does not show these points.
  TestResult result(std::uint64_t needed) const;

 private:
  Executor executor_;
  std::uint64_t most_;
  std::uint64_t occasions_ = 0;
  bool complete_ = true;
  Evidence evidence_;
  std::map<std::string, Verdict> clauses_;  // that monitors judged
  std::optional<TestResult> failure_;
};

// The trace with the fault in the place that it marks.
Trace armed_with(const Trace& pattern, const SweptFault& fault, std::uint64_t occurrence);

}  // namespace assay::conformance
