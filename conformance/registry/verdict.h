#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a test found out, worst last. pass; skip (feature not claimed, operation unknown; always with the reason);
// known_deviation (a fail that was listed beforehand); inconclusive (a planned fault did not fire, a limit was hit: no
// statement); unexpected_pass (listed, but passes); fail; error (suite or adapter broke).
enum class Verdict { pass, skip, known_deviation, inconclusive, unexpected_pass, fail, error };

std::string_view to_text(Verdict verdict);
std::optional<Verdict> verdict_from_text(std::string_view text);

// What happened at one point, in the runs that armed something.
struct PointEvidence {
  std::uint64_t reached = 0;
  std::uint64_t fired = 0;                          // visits at which a fault took effect
  std::map<std::string, std::uint64_t> operations;  // how often a fault fired during each
  PointEvidence& operator+=(const PointEvidence& other);
};

// What stands behind a verdict. Sums over the tests of a run.
struct Evidence {
  std::uint64_t traces = 0;
  std::uint64_t operations = 0;
  std::uint64_t interleavings = 0;
  std::uint64_t faults_fired = 0;
  std::uint64_t crash_states = 0;
  std::map<std::string, PointEvidence> points{};
  Evidence& operator+=(const Evidence& other);
};

// The result of one test. `clauses` has a verdict for each clause that the test assessed: its own, and those of the
// monitors that had something to judge. `failing_trace` replays a failure on its own.
struct TestResult {
  std::string test;
  std::string kind;
  std::map<std::string, Verdict> clauses;
  Verdict verdict = Verdict::pass;
  std::string reason;   // one paragraph: what happened; empty for a pass
  std::string details;  // for a fail: the readable trace, expected and actual, log
  double seconds = 0;
  Evidence evidence;
  std::optional<Trace> failing_trace;
  std::string trace_file;  // where it was written, filled by the runner
};

// The result of a test that says so much and no more.
TestResult test_result(Verdict verdict, std::string reason);

}  // namespace assay::conformance
