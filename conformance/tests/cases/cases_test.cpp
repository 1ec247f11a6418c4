// The traces of this folder have on each target the verdict that verdicts.tsv gives them: one of them that changes for
// the better is news too.
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "conformance/execution/executor.h"
#include "conformance/registry/test_case.h"
#include "conformance/tests/test_folder.h"
#include "conformance/vocabulary/trace.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

const std::filesystem::path folder = std::filesystem::path(ASSAY_SOURCE_DIR) / "conformance/tests/cases";

// Case -> target -> "pass", "fail" or "skip".
using Verdicts = std::map<std::string, std::map<std::string, std::string>>;

Verdicts listed() {
  std::ifstream file(folder / "verdicts.tsv");
  std::string line;
  Verdicts verdicts;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name, reference, fpm;
    std::getline(fields, name, '\t');
    std::getline(fields, reference, '\t');
    std::getline(fields, fpm, '\t');
    verdicts[name] = {{"reference", reference}, {"php-fpm", fpm}};
  }
  return verdicts;
}

std::vector<std::string> names_of_traces() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".jsonl") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Cases, EachHasAVerdictForEachTarget) {
  std::vector<std::string> names;
  for (const auto& [name, targets] : listed()) {
    names.push_back(name);
    for (const auto& [target, verdict] : targets)
      EXPECT_THAT(verdict, testing::AnyOf("pass", "fail", "skip")) << name << " on " << target;
  }
  EXPECT_EQ(names, names_of_traces());
}

// They are those of one version: what others do is in docs/php-versions.md.
void have_the_verdicts_of(const std::string& name_of_target, const std::string& version = "") {
  auto target = make_target(name_of_target);
  if (!target) GTEST_SKIP() << target.error().message;
  const std::string given = (*target)->description().version;
  if (!given.starts_with(version))
    GTEST_SKIP() << "the verdicts are those of " << version << "x, and this is " << given;
  const TestFolder run;
  for (const auto& [name, verdicts] : listed()) {
    auto trace = read_trace((folder / (name + ".jsonl")).string());
    ASSERT_TRUE(trace) << trace.error().message;
    std::string verdict = "skip", reason = reason_to_skip(*trace, (*target)->description());
    if (reason.empty()) {
      const Execution execution = Executor(**target, run.path()).run(*trace);
      verdict = to_text(execution.verdict);
      reason = execution.reason;
    }
    EXPECT_EQ(verdict, verdicts.at(name_of_target)) << name << ": " << reason;
  }
}

TEST(Cases, HaveTheirVerdictsOnTheReference) {
  have_the_verdicts_of("reference");
}

TEST(Cases, HaveTheirVerdictsOnStockPhp) {
  have_the_verdicts_of("php-fpm", "8.2.");
}

}  // namespace
}  // namespace assay::conformance
