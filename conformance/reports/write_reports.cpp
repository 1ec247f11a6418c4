#include "conformance/reports/write_reports.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "conformance/reports/html_report.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/junit_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/reports/sarif_report.h"
#include "conformance/reports/tap_report.h"

namespace assay::conformance {

namespace {

constexpr std::string_view standard_output = "-";

std::array<const std::string*, 5> names(const ReportFiles& files) {
  return {&files.json, &files.junit, &files.tap, &files.sarif, &files.html};
}

Expected<void> write_to(const std::string& name, const std::string& content) {
  if (name == standard_output) return write_to_descriptor(STDOUT_FILENO, "standard output", content);
  return write_report_file(name, content);
}

bool same_file(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (a == standard_output || b == standard_output) return false;
  std::error_code code;
  if (std::filesystem::equivalent(a, b, code)) return true;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(a), code) ==
         std::filesystem::weakly_canonical(std::filesystem::absolute(b), code);
}

}  // namespace

bool ReportFiles::to_standard_output() const {
  const auto all = names(*this);
  return std::any_of(all.begin(), all.end(), [](const std::string* name) { return *name == standard_output; });
}

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
    if (auto written = write_to(file, format(report, judgement)); !written) errors.push_back(written.error());
  }
  return errors;
}

Expected<void> check_names(const ReportFiles& files, const std::string& input) {
  const auto all = names(files);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->empty()) continue;
    if (!input.empty() && same_file(*all[i], input))
      return failure(*all[i] + ": is read by this run; give the report another name");
    for (std::size_t k = 0; k < i; ++k) {
      if (!all[k]->empty() && same_file(*all[i], *all[k]))
        return failure(*all[i] + ": named for two reports; give each a file of its own");
    }
  }
  return {};
}

std::vector<Error> check_report_files(const ReportFiles& files) {
  std::vector<Error> errors;
  for (const std::string* file : names(files)) {
    if (file->empty() || *file == standard_output) continue;
    if (auto possible = check_report_file(*file); !possible) errors.push_back(possible.error());
  }
  return errors;
}

}  // namespace assay::conformance
