#include "faults/operators/planted.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace assay::planted {
namespace {

class Planted : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(file_) << std::string(10, '\0'); }
  void TearDown() override {
    ::unsetenv("ASSAY_PLANTED");
    ::unsetenv("ASSAY_PLANTED_REACHED");
    read_environment();
    ::unlink(file_.c_str());
  }

  static void choose(const char* change) {
    ::setenv("ASSAY_PLANTED", change, 1);
    read_environment();
  }
  void note() const {
    ::setenv("ASSAY_PLANTED_REACHED", file_.c_str(), 1);
    read_environment();
  }
  std::string reached() const {
    std::ifstream in(file_);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const std::string file_ = testing::TempDir() + "planted-" + std::to_string(::getpid());
};

TEST_F(Planted, NothingIsInForceUnlessTheEnvironmentSaysSo) {
  EXPECT_FALSE(is(1));
  choose("");
  EXPECT_FALSE(is(1));
  choose("nonsense");
  EXPECT_FALSE(is(1));
}

TEST_F(Planted, ExactlyTheChosenChangeIsInForce) {
  choose("3");
  EXPECT_TRUE(is(3));
  EXPECT_FALSE(is(2));
  EXPECT_FALSE(is(33));
}

TEST_F(Planted, AForkedChildHasTheChoice) {
  choose("3");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(is(3) && !is(4) ? 7 : 1);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(Planted, WhatIsReachedIsNotedAlsoByAChild) {
  note();
  is(4);
  const pid_t child = ::fork();
  if (child == 0) {
    is(6);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(reached(), std::string("\0\0\0\0\1\0\1\0\0\0", 10));
}

TEST_F(Planted, AChangeBeyondTheEndOfTheFileIsNotNoted) {
  note();
  is(10);
  is(1'000'000);
  EXPECT_EQ(reached(), std::string(10, '\0'));
}

TEST_F(Planted, AFileThatIsNotThereIsNoFile) {
  ::setenv("ASSAY_PLANTED_REACHED", "/nonexistent/reached", 1);
  read_environment();
  EXPECT_FALSE(is(1));
}

TEST_F(Planted, AGuardIsHeldOrReleasedAtOnce) {
  const auto lock = std::make_shared<int>(0);
  const auto held = dropped_if(false, std::shared_ptr<int>(lock));
  EXPECT_EQ(lock.use_count(), 2);
  const auto dropped = dropped_if(true, std::shared_ptr<int>(lock));
  EXPECT_EQ(lock.use_count(), 2);
}

}  // namespace
}  // namespace assay::planted
