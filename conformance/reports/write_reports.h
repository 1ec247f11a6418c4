#pragma once

#include <string>
#include <vector>

#include "conformance/reports/run_report.h"
#include "support/error.h"

namespace assay::conformance {

// Where a run's reports go; an empty name: nowhere; "-": to standard output.
struct ReportFiles {
  std::string json, junit, tap, sarif, html;

  bool to_standard_output() const;
};

// Writes each report that has a name, whole or not at all (report_file.h). One that cannot be written does not stop the
// others: each error is one clear message. A caller prints the terminal report all the same, and ends with status 70
// if there was an error: the target was judged, the suite could not say so.
std::vector<Error> write_reports(const RunReport& report, const RunJudgement& judgement, const ReportFiles& files);

// An error where two reports would go to one file, by whatever names, or one over `input`, a file that is read (empty:
// none): wrong use.
Expected<void> check_names(const ReportFiles& files, const std::string& input = {});

// Tries, before a run, whether each file could be written, so that an hour of measuring does not end with "no such
// folder". Leaves nothing behind.
std::vector<Error> check_report_files(const ReportFiles& files);

}  // namespace assay::conformance
