// Requests that are sent and collected later, without a thread of the suite for each.
#include <gtest/gtest.h>

#include "conformance/execution/test_bed.h"
#include "conformance/runner/temporary_folder.h"
#include "faults/points/plan.h"

namespace assay::conformance {
namespace {

using std::chrono::seconds;

class BegunRequestTest : public testing::Test {
 protected:
  BegunRequestTest() : target_(*make_target("reference")), folder_(*TemporaryFolder::create()) {
    Configuration configuration;
    configuration.ini["opcache.memory_consumption"] = "16";
    bed_ = *TestBed::start(*target_, configuration, folder_.path() / "run");
    hold_.point = "static/lock/held";
    hold_.effect = points::Effect::pause;
    exchanges_.push_back({make_operation(OperationKind::cache_set, {{"key", "k"}, {"value", 1}}), "", {}});
  }
  Worker& worker() { return bed_->runtime().worker(0); }
  points::ControlBlock& control() { return bed_->control(); }

  std::unique_ptr<Target> target_;
  TemporaryFolder folder_;
  std::unique_ptr<TestBed> bed_;
  points::Fault hold_;
  std::vector<Exchange> exchanges_;
};

TEST_F(BegunRequestTest, IsOverWhenTheWorkerHasAnsweredAndWakesWhoWaits) {
  ASSERT_TRUE(control().arm({hold_}));
  const auto request = worker().begin(exchanges_, seconds(10));
  ASSERT_NE(request, nullptr);
  ASSERT_TRUE(control().wait_held("static/lock/held", points::kAnyWorker, seconds(10)));
  EXPECT_FALSE(request->is_over());
  control().release();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(control().wait_held("*", 0, seconds(10), [&] { return request->is_over(); }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(8)) << "nobody woke it";
  EXPECT_TRUE(request->is_over());
  const auto outcome = request->outcome();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::completed);
  EXPECT_EQ(outcome->replies.at(0), Reply::of(true));
}

TEST_F(BegunRequestTest, OfAWorkerThatDiesSaysSo) {
  hold_.effect = points::Effect::kill;
  ASSERT_TRUE(control().arm({hold_}));
  const auto request = worker().begin(exchanges_, seconds(10));
  const auto outcome = request->outcome();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::died);
}

TEST_F(BegunRequestTest, ThatExceedsItsLimitHangs) {
  ASSERT_TRUE(control().arm({hold_}));
  const auto outcome = worker().begin(exchanges_, std::chrono::milliseconds(20))->outcome();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, Outcome::Kind::hung);
  control().release();
}

}  // namespace
}  // namespace assay::conformance
