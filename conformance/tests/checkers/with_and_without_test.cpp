#include "conformance/checkers/with_and_without.h"

#include <gtest/gtest.h>

#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

Operation include(const char* path) {
  return make_operation(OperationKind::include, {{"path", path}});
}
Operation compile(const char* path) {
  return make_operation(OperationKind::compile_file, {{"path", path}});
}

Judgement judge(const ObservedRun& run) {
  return judge_with_and_without(run.trace, run.observations);
}

Reply saying(std::vector<std::string> diagnostics) {
  Reply reply = Reply::of(1);
  reply.diagnostics = std::move(diagnostics);
  return reply;
}

const std::string deprecated =
    "Deprecated: Optional parameter $a declared before required parameter $b is implicitly ...";

TEST(WithAndWithout, EqualRepliesAreAllowed) {
  ObservedRun run;
  run.answered(0, include("@/a.php"), "ran");
  run.answered(1, include("@/a.php"), "ran");
  const Judgement judgement = judge(run);
  EXPECT_FALSE(judgement.refusal);
  EXPECT_EQ(judgement.judged, 1u);
}

TEST(WithAndWithout, AnotherValueIsRefusedWithTheRightOne) {
  ObservedRun run;
  run.answered(0, include("@/a.php"), "ran");
  run.answered(1, include("@/a.php"), "stale");
  const Judgement judgement = judge(run);
  ASSERT_TRUE(judgement.refusal);
  EXPECT_EQ(judgement.refusal->clause, "GU-VAL-07");
  EXPECT_EQ(judgement.refusal->step, 1u);
  EXPECT_EQ(judgement.refusal->ends, "completed");
  ASSERT_TRUE(judgement.refusal->expected);
  EXPECT_FALSE(mismatch(*judgement.refusal->expected, Reply::of("ran"), {}));
  EXPECT_TRUE(mismatch(*judgement.refusal->expected, Reply::of("stale"), {}));
}

TEST(WithAndWithout, OutputAndTheEndCountToo) {
  ObservedRun printed;
  printed.answered(0, include("@/a.php"), 1).reply.output = "a";
  printed.answered(1, include("@/a.php"), 1).reply.output = "b";
  EXPECT_TRUE(judge(printed).refusal);
  ObservedRun died;
  died.answered(0, include("@/a.php"), 1);
  died.answered(1, include("@/a.php"), 1).outcome = Outcome::Kind::died;
  EXPECT_TRUE(judge(died).refusal);
}

TEST(WithAndWithout, QuestionsToTheCacheStandAside) {
  ObservedRun run;
  run.answered(0, include("@/a.php"), "ran");
  run.answered(1, compile("@/a.php"), true);
  run.then(include("@/a.php"), "other");
  EXPECT_TRUE(judge(run).refusal);
}

TEST(WithAndWithout, TheLastRequestWithoutACacheIsTheOne) {
  ObservedRun run;
  run.answered(0, include("@/a.php"), "old");
  run.answered(0, include("@/a.php"), "new");
  run.answered(1, include("@/a.php"), "new");
  run.answered(1, include("@/b.php"), "nobody knows");
  const Judgement judgement = judge(run);
  EXPECT_FALSE(judgement.refusal);
  EXPECT_EQ(judgement.judged, 1u);
}

TEST(WithAndWithout, WhatIsSaidWhileCompilingMayBeMissing) {
  ObservedRun run;
  run.answered(0, include("@/a.php"), saying({"Warning: x", deprecated, "Warning: y"}));
  run.answered(1, include("@/a.php"), saying({"Warning: x", "Warning: y"}));
  EXPECT_FALSE(judge(run).refusal);
  run.trace.configuration.ini["opcache.record_warnings"] = "1";
  EXPECT_TRUE(judge(run).refusal);
}

TEST(WithAndWithout, AnythingElseMayNot) {
  ObservedRun fewer, more;
  fewer.answered(0, include("@/a.php"), saying({"Warning: x", deprecated}));
  fewer.answered(1, include("@/a.php"), saying({deprecated}));
  EXPECT_TRUE(judge(fewer).refusal);
  more.answered(0, include("@/a.php"), saying({}));
  more.answered(1, include("@/a.php"), saying({deprecated}));
  EXPECT_TRUE(judge(more).refusal);
}

}  // namespace
}  // namespace assay::conformance
