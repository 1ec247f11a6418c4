#include "conformance/checkers/snapshot_histories.h"

#include <gtest/gtest.h>

#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

// Worker 1 reads a list while worker 0 does something with the same keys; both began before either ended.
class SnapshotHistoriesTest : public testing::Test, protected ObservedRun {
 protected:
  void SetUp() override {
    answered(0, set("a", "old"), true);
    then(set("b", "old"), true);
  }
  // What a read of a and b showed, beside all that was answered from observation `from` on.
  Linearizability list_beside(std::size_t from, Value a, Value b) {
    answered(1, get_all({"a", "b"}), Value::map({{"a", std::move(a)}, {"b", std::move(b)}}));
    for (std::size_t i = from; i < observations.size(); ++i) {
      observations[i].began = observations[from].began;
      observations[i].ended = observations.back().ended;
    }
    return check();
  }
  Linearizability check(std::uint64_t visit_limit = 20'000) {
    CacheRun run = cache_run(trace, observations);
    run.overlapping = true;
    result = check_list_reads(run, observations, CacheRules{}, visit_limit);
    return result.verdict;
  }
  CacheLinearizability result;
};

TEST_F(SnapshotHistoriesTest, StoresInTheirOrderShowOldOldNewOldAndNewNew) {
  answered(0, set("a", "new"), true);
  then(set("b", "new"), true);
  const auto fixture = observations;
  EXPECT_EQ(list_beside(2, "old", "old"), Linearizability::yes) << result.message;
  observations = fixture;
  EXPECT_EQ(list_beside(2, "new", "old"), Linearizability::yes) << result.message;
  observations = fixture;
  EXPECT_EQ(list_beside(2, "new", "new"), Linearizability::yes) << result.message;
  EXPECT_EQ(result.calls, 5u);
}

TEST_F(SnapshotHistoriesTest, OldThenNewNeverWas) {
  answered(0, set("a", "new"), true);
  then(set("b", "new"), true);
  EXPECT_EQ(list_beside(2, "old", "new"), Linearizability::no);
  EXPECT_EQ(result.observation, 4u);
  EXPECT_NE(result.message.find("a: get -> \"old\", b: get -> \"new\""), std::string::npos) << result.message;
}

TEST_F(SnapshotHistoriesTest, AClearTakesAllKeysAtOnce) {
  answered(0, clear(), true);
  const auto fixture = observations;
  EXPECT_EQ(list_beside(2, nullptr, nullptr), Linearizability::yes) << result.message;
  observations = fixture;
  EXPECT_EQ(list_beside(2, nullptr, "old"), Linearizability::no);
}

TEST_F(SnapshotHistoriesTest, TwoListsSeeTheSameOrder) {
  answered(0, set("a", "new"), true);
  answered(2, set("b", "new"), true);
  answered(1, get_all({"a", "b"}), Value::map({{"a", "new"}, {"b", "old"}}));
  EXPECT_EQ(list_beside(2, "old", "new"), Linearizability::no);
}

TEST_F(SnapshotHistoriesTest, AWriteWhoseCallerDiedIsSeenOrNot) {
  answered(0, set("a", "new"), Reply::not_run()).outcome = Outcome::Kind::died;
  const auto fixture = observations;
  EXPECT_EQ(list_beside(2, "new", "old"), Linearizability::yes) << result.message;
  observations = fixture;
  EXPECT_EQ(list_beside(2, "old", "old"), Linearizability::yes) << result.message;
}

// Its keys may be of several states then, by the clause.
TEST_F(SnapshotHistoriesTest, ValuesThatAreDecodedByCodeAreNotJudged) {
  answered(0, set("a", Value(Object{1, false, "C", {}})), true);
  then(set("b", "new"), true);
  EXPECT_EQ(list_beside(2, "old", "new"), Linearizability::yes);
  EXPECT_EQ(result.calls, 0u);
}

TEST_F(SnapshotHistoriesTest, ASearchThatIsCutOffSaysSo) {
  answered(0, set("a", "new"), true);
  then(set("b", "new"), true);
  list_beside(2, "new", "new");
  EXPECT_EQ(check(0), Linearizability::inconclusive);
  EXPECT_NE(result.message.find("more than 0 configurations"), std::string::npos) << result.message;
}

TEST_F(SnapshotHistoriesTest, RequestsInARowAreNotJudged) {
  answered(1, get_all({"a", "b"}), Value::map({{"a", "other"}, {"b", "old"}}));
  result = check_list_reads(cache_run(trace, observations), observations, CacheRules{});
  EXPECT_EQ(result.calls, 0u);
}

}  // namespace
}  // namespace assay::conformance
