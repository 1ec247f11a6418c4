#include "conformance/registry/verdict.h"

namespace assay::conformance {
namespace {
constexpr std::string_view names[] = {"pass", "skip", "known deviation", "inconclusive", "unexpected pass",
                                      "fail", "error"};
}

std::string_view to_text(Verdict verdict) {
  return names[static_cast<int>(verdict)];
}

std::optional<Verdict> verdict_from_text(std::string_view text) {
  for (int i = 0; i < 7; ++i) {
    if (names[i] == text) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

PointEvidence& PointEvidence::operator+=(const PointEvidence& other) {
  reached += other.reached;
  fired += other.fired;
  for (const auto& [operation, times] : other.operations) operations[operation] += times;
  return *this;
}

Evidence& Evidence::operator+=(const Evidence& other) {
  traces += other.traces;
  operations += other.operations;
  interleavings += other.interleavings;
  faults_fired += other.faults_fired;
  crash_states += other.crash_states;
  for (const auto& [name, point] : other.points) points[name] += point;
  return *this;
}

TestResult test_result(Verdict verdict, std::string reason) {
  TestResult result;
  result.verdict = verdict;
  result.reason = std::move(reason);
  return result;
}

}  // namespace assay::conformance
