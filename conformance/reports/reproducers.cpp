#include "conformance/reports/reproducers.h"

#include <fmt/format.h>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/report_file.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

// Names of files are limited to 255 bytes; the names of tests are not.
constexpr std::size_t max_name = 180;

Reproducer write_one(const TestResult& result, const fs::path& folder, const std::string& name,
                     PhptStaticCache static_cache, std::vector<Error>& errors) {
  Reproducer files;
  const auto write = [&](const char* ending, const std::string& content) -> std::string {
    const fs::path file = folder / (name + ending);
    if (auto written = write_report_file(file, content); !written) {
      errors.push_back(written.error());
      return "";
    }
    return file.string();
  };
  files.trace_file = write(".jsonl", to_json_lines(*result.failing_trace));
  const auto phpt = to_phpt(*result.failing_trace, {name, result.test, static_cache});
  if (phpt)
    files.phpt_file = write(".phpt", *phpt);
  else
    files.no_phpt = phpt.error().message;
  return files;
}

}  // namespace

std::vector<Error> write_reproducers(RunReport& report, const fs::path& folder, PhptStaticCache static_cache) {
  std::vector<Error> errors;
  std::set<std::string> names;
  for (TestResult& result : report.results) {
    const bool fails = result.verdict == Verdict::fail || result.verdict == Verdict::known_deviation ||
                       result.verdict == Verdict::error;
    if (!fails || !result.failing_trace) continue;
    std::error_code code;
    fs::create_directories(folder, code);
    if (code) {
      errors.push_back(
          {fmt::format("{}: cannot be made: {}; give another folder for traces", folder.string(), code.message())});
      return errors;
    }
    std::string name = slug_of(result.test).substr(0, max_name);
    for (int n = 2; !names.insert(name).second; ++n)
      name = slug_of(result.test).substr(0, max_name) + fmt::format("-{}", n);
    const Reproducer files = write_one(result, folder, name, static_cache, errors);
    result.trace_file = files.trace_file;
    report.reproducers[result.test] = files;
  }
  return errors;
}

}  // namespace assay::conformance
