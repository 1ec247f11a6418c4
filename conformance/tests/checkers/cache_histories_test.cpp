#include "conformance/checkers/cache_histories.h"

#include "conformance/tests/models/observed_run.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class CacheHistoriesTest : public testing::Test, protected ObservedRun {
 protected:
  // Makes the last `n` observations overlap.
  void overlap(std::size_t n) {
    const std::size_t first = observations.size() - n;
    for (std::size_t i = first; i < observations.size(); ++i) {
      observations[i].began = observations[first].began;
      observations[i].ended = observations.back().ended;
    }
  }
  Linearizability check() {
    result = check_data_caches(cache_run(trace, observations), observations, rules);
    return result.verdict;
  }
  CacheRules rules;
  CacheLinearizability result;
};

TEST_F(CacheHistoriesTest, ClearStandsInTheHistoryOfEachKey) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 1), true);
  answered(0, clear(), true);
  answered(1, get("a"), 1);
  answered(2, get("b"), nullptr);
  overlap(3);
  EXPECT_EQ(check(), Linearizability::yes) << result.message;
  EXPECT_GT(result.overlaps, 0u);
  answered(1, get("a"), 1);
  EXPECT_EQ(check(), Linearizability::no);
  EXPECT_NE(result.message.find("clear"), std::string::npos) << result.message;
}

// Nothing else is known of the keys.
TEST_F(CacheHistoriesTest, StoresAndClearsAreJudgedAlone) {
  answered(0, set("a", 1), true);
  answered(0, clear(), true);
  EXPECT_EQ(check(), Linearizability::yes);
  rules.has_ttl = false;
  answered(0, set("a", 1, 10), true);
  EXPECT_EQ(check(), Linearizability::no) << "it took a time to live, where entries have none";
  observations.pop_back();
  answered(0, clear(), Reply::thrown("Error", "not now"));
  EXPECT_EQ(check(), Linearizability::no) << result.message;
}

TEST_F(CacheHistoriesTest, AReloadThatNothingFollowsIsNoCall) {
  answered(0, set("a", 1), true);
  CacheRunBuilder builder;
  builder.observe(observations.front());
  builder.act(1, make_action(ActionKind::reload, {}));
  const CacheRun run = builder.finish();
  EXPECT_EQ(run.calls.size(), 1u);
  const std::vector<KeyHistory> histories = key_histories(run, observations);
  ASSERT_EQ(histories.size(), 1u);
  EXPECT_EQ(histories.front().calls.size(), 1u);
}

TEST_F(CacheHistoriesTest, OperationsOfOneRequestKeepTheirOrder) {
  answered(0, set("a", 1), true);
  then(get("a"), 2);
  then(set("a", 2), true);
  EXPECT_EQ(check(), Linearizability::no);
  EXPECT_EQ(result.observation, 2u);
}

TEST_F(CacheHistoriesTest, AWriteWhoseCallerDiedIsSeenOrNot) {
  answered(0, set("a", 1), true);
  answered(1, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(0, get("a"), 1);
  answered(0, get("a"), 2);
  EXPECT_EQ(check(), Linearizability::yes) << result.message;
  answered(0, get("a"), 1);
  EXPECT_EQ(check(), Linearizability::no);
  EXPECT_NE(result.message.find("caller died"), std::string::npos) << result.message;
}

TEST_F(CacheHistoriesTest, ADeathInsideEmptiesTheCacheOnceWhereThatIsDeclared) {
  answered(0, set("a", 1), true);
  answered(0, set("b", 1), true);
  answered(1, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(0, get("b"), 1);
  answered(0, get("b"), nullptr);
  EXPECT_EQ(check(), Linearizability::no) << "it is not declared";
  rules.emptied_by_death = true;
  EXPECT_EQ(check(), Linearizability::yes) << result.message;
  answered(0, set("b", 3), true);
  answered(0, get("b"), nullptr);
  EXPECT_EQ(check(), Linearizability::no) << "one death empties it once";
}

TEST_F(CacheHistoriesTest, ADeathInsideAReadEmptiesTheCacheToo) {
  rules.emptied_by_death = true;
  answered(0, set("b", 1), true);
  answered(1, get("a"), Reply::not_run()).outcome = Outcome::Kind::died;
  answered(0, get("b"), nullptr);
  EXPECT_EQ(check(), Linearizability::yes) << result.message;
}

TEST_F(CacheHistoriesTest, NothingIsEmptiedBeforeTheDeath) {
  rules.emptied_by_death = true;
  answered(0, set("b", 1), true);
  answered(0, get("b"), nullptr);
  answered(1, set("a", 2), Reply::not_run()).outcome = Outcome::Kind::died;
  EXPECT_EQ(check(), Linearizability::no);
}

TEST_F(CacheHistoriesTest, ExpiryUsesTheVirtualClock) {
  answered(0, set("a", 1, 5), true);
  advance(5);
  answered(0, get("a"), nullptr);
  EXPECT_EQ(check(), Linearizability::yes) << result.message;
  answered(0, get("a"), 1);
  EXPECT_EQ(check(), Linearizability::no);
}

}  // namespace
}  // namespace assay::conformance
