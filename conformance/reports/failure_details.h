#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// The details of a failed trace (TestResult::details) taken apart for showing: the lines of the trace, the one that
// failed, what was expected and came, and the target's log. Text that is no trace comes as lines too.
struct FailureDetails {
  struct Line {
    std::string text;
    bool failed = false;  // the operation that the failure is about
  };
  std::vector<Line> lines;
  std::string expected, actual;
  std::string log;
};

FailureDetails take_apart(const std::string& details);

}  // namespace assay::conformance
