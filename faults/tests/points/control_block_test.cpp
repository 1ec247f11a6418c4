#include "faults/points/control_block.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <cerrno>

#include "faults/tests/points/temporary_block.h"

namespace assay::points {
namespace {

using testing::HasSubstr;

class ControlFile : public testing::Test {
 protected:
  // Overwrites bytes of the file, as another program or version would have written them.
  void overwrite(std::size_t offset, std::uint32_t value) {
    const int fd = ::open(block_->path().c_str(), O_WRONLY);
    ASSERT_EQ(pwrite(fd, &value, sizeof value, static_cast<off_t>(offset)), static_cast<ssize_t>(sizeof value));
    close(fd);
  }
  std::string refusal() {
    const auto opened = ControlBlock::open(block_->path());
    return opened ? "" : opened.error().message;
  }

  TemporaryBlock block_;
};

TEST_F(ControlFile, IsSharedByThoseWhoOpenIt) {
  auto other = ControlBlock::open(block_->path());
  ASSERT_TRUE(other) << other.error().message;
  ASSERT_TRUE(block_->arm({fail("log/open", EMFILE)}));
  EXPECT_TRUE(other->is_armed());
  EXPECT_EQ(other->plan_status().at(0).fault, fail("log/open", EMFILE));
}

TEST_F(ControlFile, IsPrivateToItsUser) {
  struct stat status;
  ASSERT_EQ(stat(block_->path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ControlFile, IsNotOverwritten) {
  const auto second = ControlBlock::create(block_->path());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("File exists"));
}

TEST_F(ControlFile, IsRefusedWhenMissing) {
  const auto opened = ControlBlock::open(block_.folder() + "/none");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("cannot be opened: No such file"));
}

TEST_F(ControlFile, IsRefusedWhenTruncated) {
  const std::string path = block_->path();
  ASSERT_EQ(rename(path.c_str(), (path + ".old").c_str()), 0);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_EQ(ftruncate(fd, 4096), 0);
  close(fd);
  EXPECT_THAT(refusal(), HasSubstr("has 4096 bytes instead of"));
  ASSERT_EQ(rename((path + ".old").c_str(), path.c_str()), 0);
}

TEST_F(ControlFile, IsRefusedWhenForeign) {
  overwrite(offsetof(Layout, magic), 0);
  EXPECT_THAT(refusal(), HasSubstr("is not a control file"));
}

TEST_F(ControlFile, IsRefusedWhenOfAnotherVersion) {
  overwrite(offsetof(Layout, version), kVersion + 1);
  EXPECT_THAT(refusal(), HasSubstr("another version"));
}

TEST_F(ControlFile, IsRefusedWhenOfAnotherLayout) {
  overwrite(offsetof(Layout, size), 1);
  EXPECT_THAT(refusal(), HasSubstr("another layout"));
}

class ArmedPlan : public testing::Test {
 protected:
  std::string refusal(const Plan& plan) {
    const auto armed = block_->arm(plan);
    EXPECT_FALSE(block_->is_armed());
    return armed ? "" : armed.error().message;
  }
  TemporaryBlock block_;
};

TEST_F(ArmedPlan, RefusesAnUnknownPointAndNamesNearOnes) {
  EXPECT_THAT(refusal({kill_at("lock/write/aquire")}), HasSubstr("did you mean lock/write/acquire"));
  EXPECT_THAT(refusal({kill_at("lokc/*")}), HasSubstr("no such point"));
}

TEST_F(ArmedPlan, RefusesAnEffectThatMakesNoSense) {
  EXPECT_THAT(refusal({fail("store/end", EIO)}), HasSubstr("'fail' makes no sense there"));
  EXPECT_THAT(refusal({kill_at("posix/time/time")}), HasSubstr("'kill' makes no sense there"));
}

TEST_F(ArmedPlan, RefusesNumbersOutOfRange) {
  EXPECT_THAT(refusal({kill_at("store/end", once(0))}), HasSubstr("counted from 1"));
  EXPECT_THAT(refusal({fail("log/open", 0)}), HasSubstr("needs an errno"));
  EXPECT_THAT(refusal({delay_at("log/open", 0)}), HasSubstr("microseconds"));
  EXPECT_THAT(refusal({count_at("log/open").for_worker(kMaxWorkers)}), HasSubstr("worker ids are 0 to 127"));
  EXPECT_THAT(refusal({count_at("log/open").for_process(-2)}), HasSubstr("not negative"));
  EXPECT_THAT(refusal(Plan(kMaxFaults + 1, count_at("*"))), HasSubstr("65 faults; at most 64"));
}

TEST_F(ArmedPlan, StaysInForceWhenAnotherIsRefused) {
  ASSERT_TRUE(block_->arm({fail("log/open", EMFILE, always())}));
  ASSERT_FALSE(block_->arm({kill_at("nothing/here")}));
  EXPECT_EQ(point("log/open"), EMFILE);
}

TEST_F(ArmedPlan, HasRoomForItsMaximum) {
  ASSERT_TRUE(block_->arm(Plan(kMaxFaults, count_at("log/open"))));
  point("log/open");
  for (const FaultStatus& status : block_->plan_status()) EXPECT_EQ(status.fired, 1u);
  EXPECT_EQ(block_->plan_status().size(), kMaxFaults);
}

TEST(ControlBlockPoints, IncludeThoseOfTheRuntime) {
  TemporaryBlock block({.extra_points = {"my/own/point"}, .owner = -1});
  ASSERT_TRUE(block->arm({fail("my/own/*", EIO)}));
  EXPECT_EQ(point("my/own/point"), EIO);
}

TEST(ControlBlockPoints, RefuseBadExtraNames) {
  TemporaryBlock block;
  const std::string path = block.folder() + "/other";
  for (const std::string& name : {std::string(), std::string("a/*"), std::string(56, 'x')}) {
    EXPECT_FALSE(ControlBlock::create(path, {.extra_points = {name}, .owner = -1})) << name;
    EXPECT_NE(access(path.c_str(), F_OK), 0) << "a refused file is left behind";
  }
  EXPECT_FALSE(ControlBlock::create(path, {.extra_points = std::vector<std::string>(kMaxPoints, "a"), .owner = -1}));
}

TEST(ControlBlockClock, StandsStillExceptWhenMoved) {
  using std::chrono::seconds;
  TemporaryBlock block;
  EXPECT_NEAR(static_cast<double>(realtime_ns()), static_cast<double>(machine_realtime_ns()), 1e9);
  block->set_clock(seconds(1'000'000'000), seconds(500));
  EXPECT_EQ(realtime_ns(), 1'000'000'000'000'000'000);
  EXPECT_EQ(monotonic_ns(), 500'000'000'000);
  block->advance_clock(seconds(3));
  EXPECT_EQ(realtime_ns(), 1'000'000'003'000'000'000);
  EXPECT_EQ(monotonic_ns(), 503'000'000'000);
  block->advance_clock(-seconds(4));
  block->step_realtime(seconds(10));
  EXPECT_EQ(block->realtime(), seconds(1'000'000'009));
  EXPECT_EQ(block->monotonic(), seconds(499));
  block->thaw_clock();
  EXPECT_NEAR(static_cast<double>(realtime_ns()), static_cast<double>(machine_realtime_ns()), 1e9);
}

TEST(ControlBlockClock, StartsFromTheMachinesTime) {
  TemporaryBlock block;
  block->advance_clock(std::chrono::hours(1));
  EXPECT_TRUE(block->clock_frozen());
  EXPECT_NEAR(static_cast<double>(realtime_ns() - machine_realtime_ns()), 3600e9, 1e9);
}

}  // namespace
}  // namespace assay::points
