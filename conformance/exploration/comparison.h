#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/exploration/compared_targets.h"
#include "conformance/exploration/history_sources.h"
#include "conformance/generators/shrink.h"
#include "conformance/reports/known_differences.h"

namespace assay::conformance {

// All differences of one kind (ReplyDifference::kind), with the smallest history found that shows it.
struct DifferenceKind {
  std::string kind;
  std::string area;
  std::uint64_t seed = 0;       // of the first history that shows it
  std::uint64_t histories = 0;  // that show it
  std::string a, b;             // what each side showed in the trace
  std::size_t step = 0;         // of the trace, where
  Trace trace;                  // expects what A replied; the directives are those of B
  bool is_smallest = false;     // nothing smaller shows it; false: a limit was reached
  bool replays = false;         // the trace passes on A and fails on B, seen once
  std::optional<KnownDifference> known;
};

struct ComparisonOptions {
  std::uint64_t seed = 1;  // of the first history of each source; the others count on
  // No further history after so many, or after that time (shrinking included); one of them is given.
  std::optional<std::uint64_t> histories;
  std::optional<std::chrono::milliseconds> time;
  std::vector<KnownDifference> known;
  ShrinkLimits shrink{400, std::chrono::seconds(15)};
  // Called with each new kind when it has been shrunk, and with known ones when they are first seen (without a trace).
  std::function<void(const DifferenceKind&)> on_difference{};
};

struct Comparison {
  std::uint64_t histories = 0, operations = 0;   // compared
  std::map<std::string, std::uint64_t> by_area;  // histories
  std::vector<DifferenceKind> differences;       // in the order in which they were found, known ones among them
  std::map<std::string, ComparedTargets::LeftOut> left_out;
  std::map<std::string, std::uint64_t> not_compared;  // histories that neither could follow, by reason
  // Kinds that a history showed once and not again: chance (time, load) had a part in them. Seed of the first.
  std::map<std::string, std::uint64_t> not_repeated;
  double seconds = 0;

  bool has_unexpected() const;
};

// Runs random histories on two targets, the sources by turns, and compares every reply. A difference of a kind that is
// neither known nor found already is looked for once more in the same history, made smaller, and kept.
Comparison compare_histories(ComparedTargets& targets, const std::vector<HistorySource>& sources,
                             const ComparisonOptions& options);

}  // namespace assay::conformance
