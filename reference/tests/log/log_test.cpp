#include "reference/log/log.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace assay::reference {
namespace {

std::string logged(std::int64_t verbosity) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "assay-log-test";
  std::filesystem::remove(path);
  Settings settings;
  settings.error_log = path.string();
  settings.log_verbosity_level = verbosity;
  const Log log(settings);
  log.write(LogLevel::error, "one");
  log.write(LogLevel::warning, "two");
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::filesystem::remove(path);
  return text.str();
}

TEST(Log, LinesUpToTheVerbosity) {
  EXPECT_EQ(logged(0), "");
  const std::string front = "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4} \\([0-9]+\\): ";
  EXPECT_TRUE(re2::RE2::FullMatch(logged(1), front + "Error one\n")) << logged(1);
  EXPECT_TRUE(re2::RE2::FullMatch(logged(2), front + "Error one\n" + front + "Warning two\n")) << logged(2);
}

TEST(Log, WhatCannotBeWrittenIsLostInSilence) {
  Settings settings;
  settings.error_log = "/dev/full";
  Log(settings).write(LogLevel::error, "lost");
}

}  // namespace
}  // namespace assay::reference
