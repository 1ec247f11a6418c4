#include "conformance/command/merge_command.h"

#include <fmt/format.h>

#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/registry/test_case.h"
#include "conformance/reports/merge.h"

namespace assay::conformance {
namespace {

Expected<void> check_known(const NamedReport& part) {
  for (const TestResult& result : part.saved.report.results) {
    if (find_test(result.test)) continue;
    return failure(
        fmt::format("{}: this suite has no test {}; merge with the assay that wrote it", part.file, result.test));
  }
  return {};
}

Expected<RunReport> read_and_merge(const std::vector<std::string>& files) {
  std::vector<NamedReport> parts;
  for (const std::string& file : files) {
    parts.push_back({file, ASSAY_TRY(read_report(file))});
    ASSAY_TRY(check_known(parts.back()));
  }
  return merge_reports(parts);
}

}  // namespace

int merge(const std::vector<std::string>& files, const ConclusionOptions& options) {
  auto inputs = read_conclusion_inputs(options);
  if (!inputs) {
    complain(inputs.error().message);
    return exit_wrong_use;
  }
  auto report = read_and_merge(files);
  if (!report) {
    complain(report.error().message);
    return exit_wrong_use;
  }
  return conclude(options, *inputs, *report);
}

}  // namespace assay::conformance
