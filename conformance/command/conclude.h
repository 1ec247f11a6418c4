#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/reports/expectations.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/write_reports.h"

namespace assay::conformance {

// What `run` and `merge` do with a report: their options for it.
struct ConclusionOptions {
  ReportFiles files;
  std::string expectations;  // a file, or "known"
  std::string baseline;
  std::string write_expectations;  // a new file
  bool strict = false;
  std::size_t durations = 0;
};

// What is read for it beforehand, so that a mistake shows before anything is measured.
struct ConclusionInputs {
  std::optional<std::vector<Expectation>> expectations;
  std::optional<SavedReport> baseline;
};

// Errors are wrong use: an input that is not ours, two reports under one name.
Expected<ConclusionInputs> read_conclusion_inputs(const ConclusionOptions& options);

// Compares with the expectations, judges, writes the reports and prints; what was measured is shown even where a file
// cannot be written. Returns the exit status.
int conclude(const ConclusionOptions& options, const ConclusionInputs& inputs, RunReport& report);

}  // namespace assay::conformance
