#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "reference/php/library/standard_functions.h"
#include "reference/tests/php/script_fixture.h"

// Each script of data/ prints here what PHP prints (data/record wrote the expected output, by running PHP).
namespace assay::reference::php {
namespace {

std::vector<std::string> scripts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder())) {
    if (entry.path().extension() == ".php") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Data : public testing::TestWithParam<std::string> {
 protected:
  std::string script() const { return (data_folder() / (GetParam() + ".php")).string(); }
  std::string expected() const { return read_file(data_folder() / (GetParam() + ".expected")); }
};

TEST_P(Data, RunsFromTheArenaAsInPhp) {
  const auto builtins = standard_builtins();
  SubsetCompiler compiler;
  FileLoader loader(compiler);
  EXPECT_EQ(without_folder(run_main(*builtins, loader, script())), expected());
}

// SC-PER-02: each request on the cached form starts from the declared values. The block is read-only.
TEST_P(Data, RunsPersistedAgainAndAgainAsInPhp) {
  const auto builtins = standard_builtins();
  SubsetCompiler compiler;
  PersistingLoader loader(compiler);
  std::string first;
  for (int request = 0; request < 3; ++request) {
    std::string output = without_folder(run_main(*builtins, loader, script()));
    EXPECT_EQ(output, expected()) << "request " << request;
  }
}

// SC-PER-10: a class that was linked before is what it is when it is linked anew, and nothing is kept twice.
TEST_P(Data, RunsWithClassesThatWereLinkedBefore) {
  const auto builtins = standard_builtins();
  SubsetCompiler compiler;
  PersistingLoader loader(compiler);
  LinkedClasses linked;
  EXPECT_EQ(without_folder(run_main(*builtins, loader, script(), {}, &linked)), expected());
  const std::size_t kept = linked.count();
  EXPECT_EQ(without_folder(run_main(*builtins, loader, script(), {}, &linked)), expected());
  EXPECT_EQ(linked.count(), kept);
  EXPECT_EQ(linked.found(), kept);
}

TEST_P(Data, PhpStillAgreesWithTheRecord) {
  const char* php = "/usr/bin/php8.2";
  if (!std::filesystem::exists(php)) GTEST_SKIP() << php << " is not installed";
  const std::string command = "cd '" + data_folder().string() + "' && " + php +
                              " -n -d display_errors=1 -d log_errors=0 -d html_errors=0 -d error_reporting=32767 '" +
                              GetParam() + ".php' 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, got);
  pclose(pipe);
  EXPECT_EQ(without_folder(output), expected());
}

INSTANTIATE_TEST_SUITE_P(Scripts, Data, testing::ValuesIn(scripts()), [](const auto& each) { return each.param; });

}  // namespace
}  // namespace assay::reference::php
