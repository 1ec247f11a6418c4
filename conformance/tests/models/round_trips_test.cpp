#include "conformance/models/round_trips.h"

#include <gtest/gtest.h>

#include "conformance/models/object_library.h"
#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

class RoundTripsTest : public testing::Test, protected ObservedRun {
 protected:
  RoundTripsTest() { act(ActionKind::write, {{"path", object_library_path}, {"content", object_library()}}); }

  void told(const char* what, const char* key, Value third, Value fourth, Value fifth) {
    answered(0, make_operation(OperationKind::include, {{"path", "@/any.php"}}),
             Value::list({what, key, std::move(third), std::move(fourth), std::move(fifth)}));
  }
  void stored(const char* key, const char* shape, const char* changed, bool done = true) {
    told("stored", key, done, shape, changed);
  }
  void fetched(const char* key, const char* shape, const char* changed, const char* again) {
    told("fetched", key, shape, changed, again);
  }
  std::string refused() {
    const auto refusal = judge_round_trips(trace, observations).refusal;
    return refusal ? refusal->clause : "";
  }
};

TEST_F(RoundTripsTest, AFetchHasTheShapeOfWhatWasStoredLast) {
  fetched("a", "none", "none", "none");
  stored("a", "one", "one more");
  fetched("a", "one", "one more", "one");
  stored("a", "two", "two more");
  fetched("a", "two", "two more", "two");
  fetched("b", "none", "none", "none");
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judge_round_trips(trace, observations).judged, 6u);
  fetched("a", "one", "one more", "one");
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(RoundTripsTest, AFetchedValueWorksAsTheStoredOneDid) {
  stored("a", "one", "one more");
  fetched("a", "one", "one", "one");
  EXPECT_EQ(refused(), "ST-ISO-08");
}

TEST_F(RoundTripsTest, AChangeOfAFetchedValueReachesNoOtherFetch) {
  stored("a", "one", "one more");
  fetched("a", "one", "one more", "one more");
  EXPECT_EQ(refused(), "ST-ISO-01");
}

TEST_F(RoundTripsTest, AStoreThatCanBeIsDone) {
  stored("a", "one", "one more", false);
  EXPECT_EQ(refused(), "ST-SET-01");
}

TEST_F(RoundTripsTest, ADeletedKeyHasNothing) {
  stored("a", "one", "one more");
  answered(0, remove("a"), true);
  fetched("a", "none", "none", "none");
  EXPECT_EQ(refused(), "");
  fetched("a", "one", "one more", "one");
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(RoundTripsTest, AScriptThatTellsNothingIsSeen) {
  stored("a", "one", "one more");
  answered(0, make_operation(OperationKind::include, {{"path", "@/any.php"}}), Reply::thrown("Error", "no class"));
  EXPECT_EQ(refused(), "");
  EXPECT_NE(judge_round_trips(trace, observations).not_judged.find("no class"), std::string::npos);
}

TEST_F(RoundTripsTest, ScriptsWithAnotherLibraryAreNotJudged) {
  stored("a", "one", "one more", false);
  std::get<Action>(trace.steps.front()) =
      make_action(ActionKind::write, {{"path", object_library_path}, {"content", "<?php"}});
  EXPECT_EQ(refused(), "");
  EXPECT_NE(judge_round_trips(trace, observations).not_judged, "");
}

}  // namespace
}  // namespace assay::conformance
