#pragma once

#include <string>

#include "conformance/reports/run_report.h"
#include "conformance/reports/terminal_style.h"

namespace assay::conformance {

struct TerminalOptions {
  TerminalStyle style;
  std::size_t columns = 100;       // the clause's text is wrapped there
  std::size_t full_failures = 20;  // that many failures in full, the rest one line each
  std::size_t durations = 0;       // that many of the slowest tests
};

// The end of a run, for people: failures in full (clause and text, trace, expected and actual, seed, one command that
// replays it, files), then one line each for should-failures, known deviations and whatever made no statement, skips
// summed up by reason, the slowest tests if asked for, a table by area, the must clauses that no test looked at by name, the
// evidence, and the verdict line last. Plain text, ends with a line feed.
// A target's bytes are cleaned (clean_text.h): they cannot drive the terminal.
std::string terminal_report(const RunReport& report, const RunJudgement& judgement,
                            const TerminalOptions& options = {});

}  // namespace assay::conformance
