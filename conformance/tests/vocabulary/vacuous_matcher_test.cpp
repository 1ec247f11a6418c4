#include "conformance/vocabulary/vacuous_matcher.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

TEST(VacuousMatcher, FindsWhatNoReplyFails) {
  for (const Matcher& matcher :
       {all_of({}), diagnoses(anything()), prints(anything()), prints(matches("")), prints(of_type("string")),
        diagnoses(of_type("array")), diagnoses(has({})), all_of({diagnoses(anything()), prints(anything())}),
        any_of({equals(1), diagnoses(anything())}), prints(any_of({equals("x"), at({}, anything())}))})
    EXPECT_TRUE(matches_every_reply(matcher)) << to_text(matcher);
}

TEST(VacuousMatcher, LeavesWhatSomeReplyFails) {
  for (const Matcher& matcher :
       {anything(), equals(1), any_of({}), negated(anything()), diagnoses(has_length(0)), prints(matches("x")),
        prints(of_type("array")), diagnoses(matches("")), all_of({diagnoses(anything()), equals(1)}),
        any_of({equals(1), equals(2)}), has({}), throws("")})
    EXPECT_FALSE(matches_every_reply(matcher)) << to_text(matcher);
}

}  // namespace
}  // namespace assay::conformance
