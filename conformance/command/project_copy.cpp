#include "conformance/command/project_copy.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <set>
#include <utility>

#include "conformance/reports/json_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr const char* kParts[] = {"cmake",     "conformance", "docs",    "examples",       "faults",           "fuzz",
                                  "reference", "support",     "LICENSE", "CMakeLists.txt", "CMakePresets.json"};

Expected<void> write_copy(const fs::path& from, const fs::path& to) {
  const auto text = ASSAY_TRY(read_input_file(from));
  if (const auto there = read_input_file(to); there && *there == text) return {};
  std::error_code code;
  fs::create_directories(to.parent_path(), code);
  return write_report_file(to, text);
}

// What is gone from the checkout goes from the copy, or the build would still find it.
void remove_gone(const fs::path& from, const fs::path& to) {
  std::error_code code;
  std::vector<fs::path> gone;
  for (fs::recursive_directory_iterator entry(to, code), end; !code && entry != end; entry.increment(code)) {
    if (!fs::exists(from / entry->path().lexically_relative(to))) gone.push_back(entry->path());
  }
  for (const fs::path& path : gone) fs::remove_all(path, code);
}

Expected<void> copy_part(const fs::path& from, const fs::path& to, const std::set<fs::path>& without) {
  if (fs::is_regular_file(from)) return write_copy(from, to);
  remove_gone(from, to);
  std::error_code code;
  for (fs::recursive_directory_iterator entry(from, code), end; entry != end; entry.increment(code)) {
    if (code) break;
    if (entry->is_regular_file() && !without.contains(entry->path())) {
      ASSAY_TRY(write_copy(entry->path(), to / entry->path().lexically_relative(from)));
    }
  }
  if (code) return failure(fmt::format("cannot read {}: {}", from.string(), code.message()));
  return {};
}

}  // namespace

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

int shell(const std::string& line) {
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ProjectCopy::ProjectCopy(fs::path source, fs::path folder) : source_(std::move(source)), folder_(std::move(folder)) {}

Expected<void> ProjectCopy::copy_sources(const std::vector<std::string>& without) const {
  if (!fs::exists(source_ / "reference") || !fs::exists(source_ / "CMakeLists.txt"))
    return failure(fmt::format("{} is no checkout of the project; name one with --source", source_.string()));
  std::set<fs::path> not_copied;
  for (const std::string& file : without) not_copied.insert(source_ / file);
  for (const char* part : kParts) {
    ASSAY_TRY(copy_part(source_ / part, copy() / part, not_copied));
  }
  return {};
}

Expected<void> ProjectCopy::configure(bool planted) const {
  ::setenv("CCACHE_BASEDIR", copy().c_str(), 1);
  const std::string line =
      fmt::format("cd {} && cmake --preset release -DASSAY_UNITY_EXCEPT=assay_reference -DASSAY_PLANTED={} > {} 2>&1",
                  quoted(copy()), planted ? "ON" : "OFF", quoted(log()));
  if (shell(line) != 0) return broken("the project could not be configured");
  return {};
}

Expected<void> ProjectCopy::compile(bool whole) const {
  if (shell(fmt::format("ninja -C {}{} assay assay_interposer > {} 2>&1", quoted(build()), whole ? " -k 0" : "",
                        quoted(log()))) != 0)
    return broken("it could not be built");
  return {};
}

Expected<std::vector<TestResult>> ProjectCopy::run(const std::string& arguments, const std::string& environment,
                                                   const std::string& name) const {
  const fs::path report = folder_ / (name + ".json"), said = folder_ / (name + ".log");
  std::error_code code;
  fs::remove(report, code);
  const int status = shell(fmt::format("{} {} run {} --failures '' --json {} > {} 2>&1", environment, quoted(program()),
                                       arguments, quoted(report), quoted(said)));
  auto saved = read_report(report.string());
  if (saved) return std::move(saved->report.results);
  const auto text = read_input_file(said);
  return failure(fmt::format("the suite wrote no report (exit status {}): {}", status,
                             text ? text->substr(0, text->find('\n')) : saved.error().message));
}

tl::unexpected<Error> ProjectCopy::broken(const std::string& what) const {
  const auto text = read_input_file(log());
  const std::string tail = text ? text->substr(text->size() > 2000 ? text->size() - 2000 : 0) : "";
  return failure(fmt::format("{}; the end of the build's log:\n{}", what, tail));
}

}  // namespace assay::conformance
