#include "conformance/reports/write_reports.h"

#include <map>

#include "conformance/reports/html_report.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/junit_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/reports/sarif_report.h"
#include "conformance/reports/tap_report.h"

namespace assay::conformance {

std::vector<Error> write_reports(const RunReport& report, const RunJudgement& judgement, const ReportFiles& files) {
  using Format = std::string (*)(const RunReport&, const RunJudgement&);
  const std::pair<const std::string&, Format> reports[] = {{files.json, json_report},
                                                           {files.junit, junit_report},
                                                           {files.tap, tap_report},
                                                           {files.sarif, sarif_report},
                                                           {files.html, html_report}};
  std::vector<Error> errors;
  for (const auto& [file, format] : reports) {
    if (file.empty()) continue;
    if (auto written = write_report_file(file, format(report, judgement)); !written) errors.push_back(written.error());
  }
  return errors;
}

std::vector<Error> check_report_files(const ReportFiles& files) {
  std::vector<Error> errors;
  std::map<std::string, int> named;
  for (const std::string* file : {&files.json, &files.junit, &files.tap, &files.sarif, &files.html}) {
    if (file->empty()) continue;
    if (auto possible = check_report_file(*file); !possible) errors.push_back(possible.error());
    if (++named[*file] == 2) errors.push_back(Error{*file + ": named for two reports; give each a file of its own"});
  }
  return errors;
}

}  // namespace assay::conformance
