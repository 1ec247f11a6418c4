#include "conformance/exploration/pair.h"

#include <gtest/gtest.h>

#include "conformance/execution/executor.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/tests/exploration/read_and_replace.h"

namespace assay::conformance {
namespace {

class PairTest : public testing::Test {
 protected:
  Execution execute(const Trace& trace) { return Executor(*target_, folder_.path()).run(trace); }

  std::unique_ptr<Target> target_ = *make_target("reference");
  TemporaryFolder folder_ = *TemporaryFolder::create();
};

TEST_F(PairTest, AScheduleHoldsBothWorkersWhereItSays) {
  ReadAndReplace pair(target_->description());
  const Schedule schedule{false, PointVisit{"static/fetch/found"}, PointVisit{"static/lock/held"}};
  const Trace trace = interleave(pair, schedule, "pair", {"GU-VAL-04"});
  EXPECT_EQ(trace.name, "pair: A1 B1 A2 B2 (A at static/fetch/found 1, B at static/lock/held 1)");
  const Execution execution = execute(trace);
  EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
  EXPECT_EQ(execution.evidence.faults_fired, 2u);
}

TEST_F(PairTest, AScheduleThatNoWorkerCanFollowIsInconclusive) {
  ReadAndReplace pair(target_->description());
  const Execution execution = execute(interleave(pair, {false, PointVisit{"static/clear/begin"}, {}}, "pair", {}));
  EXPECT_EQ(execution.verdict, Verdict::inconclusive) << execution.reason;
}

TEST(Schedules, AreAllInterleavingsWithSoManyPreemptions) {
  const Visits a = {{"hit/lookup", 2}}, b = {{"store/copy", 1}, {"store/end", 1}};
  EXPECT_EQ(all_schedules(a, b, 0).size(), 2u);
  EXPECT_EQ(all_schedules(a, b, 1).size(), 2u + 2 + 2);
  EXPECT_EQ(all_schedules(a, b, 2).size(), 2u + 2 + 2 + 2 * (2 * 2));
}

TEST_F(PairTest, AWorkerAloneIsCounted) {
  ReadAndReplace pair(target_->description());
  const Execution reader = execute(count_alone(pair, 0, "pair"));
  EXPECT_EQ(reader.verdict, Verdict::pass) << reader.reason;
  EXPECT_EQ(reader.counted.count("static/fetch/found"), 1u);
  EXPECT_EQ(reader.counted.count("static/store/publish"), 0u);
}

TEST_F(PairTest, BComesAfterADeathOfA) {
  ReadAndReplace pair(target_->description());
  const PointVisit found{"static/fetch/found"}, publish{"static/store/publish"};
  const Execution counted = execute(kill_and_count(pair, found, "pair", {}));
  EXPECT_EQ(counted.verdict, Verdict::pass) << counted.reason;
  EXPECT_EQ(counted.counted.count("static/store/publish"), 1u);
  const Execution both = execute(kill_both(pair, found, publish, "pair", {}));
  EXPECT_EQ(both.evidence.faults_fired, 2u);
  EXPECT_EQ(both.verdict, Verdict::fail) << "B died before its value was there: " << both.reason;
  const Execution next = execute(kill_then(pair, found, [] {}, "pair", {}));
  EXPECT_EQ(next.verdict, Verdict::fail) << "nobody stored the new value";
}

TEST_F(PairTest, TheNextTraceDoesNotRememberTheLast) {
  ReadAndReplace pair(target_->description());
  const std::string first = to_text(count_alone(pair, 0, "pair"));
  (void)kill_both(pair, {"static/fetch/found"}, {"static/store/publish"}, "pair", {});
  EXPECT_EQ(to_text(count_alone(pair, 0, "pair")), first);
}

}  // namespace
}  // namespace assay::conformance
