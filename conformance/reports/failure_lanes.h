#pragma once

#include <string>
#include <vector>

#include "conformance/reports/failure_details.h"

namespace assay::conformance {

// A failed trace as lanes, one for each worker: who did what when. Rows are in the order of the trace.
struct FailureLanes {
  enum class State { idle, acts, runs };  // runs: its request is under way in the background

  struct Row {
    std::string number;      // of the step, on its first row only
    std::string text;        // what is done, without number and worker
    int worker = -1;         // -1: the suite, to the world
    std::int64_t clock = 0;  // seconds of the virtual clock since the start
    bool failed = false;
    std::vector<State> lanes;  // one for each worker
  };

  int workers = 0;
  std::vector<std::string> head;  // directives, and what else stands before the first step
  std::vector<Row> rows;          // none where the lines are no trace
};

FailureLanes lanes_of(const std::vector<FailureDetails::Line>& lines);

}  // namespace assay::conformance
