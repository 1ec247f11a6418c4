#include "conformance/command/reproducers.h"

#include <fmt/format.h>

#include <filesystem>

#include "conformance/reports/report_file.h"

namespace assay::conformance {

std::string file_name_of(const std::string& test) {
  std::string name = test;
  for (char& c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return name.substr(0, 160);
}

Expected<void> write_reproducers(RunReport& report, const std::string& folder) {
  for (TestResult& result : report.results) {
    const bool replayable = result.verdict == Verdict::fail || result.verdict == Verdict::error;
    if (folder.empty() || !replayable || !result.failing_trace) continue;
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
      return failure(fmt::format("cannot make the folder {} for reproducers: {}; name another with --failures", folder,
                                 code.message()));
    const std::string base = folder + "/" + file_name_of(result.test);
    if (auto written = write_report_file(base + ".jsonl", to_json_lines(*result.failing_trace)); !written)
      return written;
    result.trace_file = base + ".jsonl";
    report.reproducers[result.test].trace_file = result.trace_file;
  }
  return {};
}

}  // namespace assay::conformance
