#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "conformance/registry/verdict.h"
#include "conformance/reports/terminal_style.h"

namespace assay::conformance {

// The line that shows how far a run is: on a terminal one line that is drawn over and over, with a line of its own for
// each failure as it comes; in a pipe nothing at all. One thread. The destructor clears the line.
class Progress {
 public:
  // `stream` (usually stderr) is not owned and outlives this. `total` tests are expected; 0 is fine.
  Progress(std::FILE* stream, int total);
  Progress(std::FILE* stream, int total, bool terminal, TerminalStyle style);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void finished(const TestResult& result);
  // Removes the line, so that something else may be printed.
  void clear();

 private:
  void draw(const std::string& test);

  std::FILE* stream_;
  const int total_;
  const bool terminal_;
  const TerminalStyle style_;
  int done_ = 0, failed_ = 0, skipped_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace assay::conformance
