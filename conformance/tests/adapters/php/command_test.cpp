#include "conformance/adapters/php/command.h"

#include <gtest/gtest.h>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/deadline.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

TEST(RunCommand, CollectsBothStreamsAndStatus) {
  const auto output = run_command({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}, plain_environment(), 5s);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "out\nerr\n");
  EXPECT_EQ(output->exit_status, 3);
  EXPECT_FALSE(output->timed_out);
}

TEST(RunCommand, SignalAsShellStatus) {
  const auto output = run_command({"/bin/sh", "-c", "kill -9 $$"}, {}, 5s);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->exit_status, 137);
}

TEST(RunCommand, EndlessProgramIsKilledWithItsChildren) {
  const auto begin = std::chrono::steady_clock::now();
  const auto output = run_command({"/bin/sh", "-c", "sleep 30 & sleep 30"}, plain_environment(), 100ms);
  ASSERT_TRUE(output);
  EXPECT_TRUE(output->timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(RunCommand, ProgramThatClosesItsOutputButGoesOn) {
  const auto output = run_command({"/bin/sh", "-c", "exec >&- 2>&-; sleep 30"}, plain_environment(), 100ms);
  ASSERT_TRUE(output);
  EXPECT_TRUE(output->timed_out);
}

TEST(RunCommand, EndlessOutputIsCut) {
  const auto output = run_command({"/bin/sh", "-c", "yes"}, plain_environment(), 300ms);
  ASSERT_TRUE(output);
  EXPECT_TRUE(output->timed_out);
  EXPECT_LE(output->text.size(), std::size_t{5} << 20);
}

TEST(RunCommand, EmptyInputAndGivenEnvironment) {
  const auto output = run_command({"/bin/sh", "-c", "cat; env"}, {"ONLY=this"}, 5s);
  ASSERT_TRUE(output);
  EXPECT_NE(output->text.find("ONLY=this\n"), std::string::npos);
  EXPECT_EQ(output->text.find("HOME="), std::string::npos);
}

TEST(RunCommand, MissingProgram) {
  const auto output = run_command({"/nonexistent/program"}, {}, 1s);
  ASSERT_FALSE(output);
  EXPECT_NE(output.error().message().find("/nonexistent/program"), std::string::npos);
}

}  // namespace
}  // namespace assay::conformance::php
