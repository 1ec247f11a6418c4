#include "conformance/vocabulary/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

bool holds(const Matcher& matcher, const Reply& reply, const Labelled& earlier = {}) {
  return !mismatch(matcher, reply, earlier);
}

const Value status = Value::map({{"memory", Value::map({{"used", 3}, {"free", 4}, {"total", 7}})}, {"hits", 5}});

TEST(Matcher, EqualComparesTypeAndValue) {
  EXPECT_TRUE(holds(equals(1), Reply::of(1)));
  EXPECT_FALSE(holds(equals(1), Reply::of("1")));
  EXPECT_FALSE(holds(equals(1), Reply::thrown("Error", "")));
  EXPECT_FALSE(holds(anything(), Reply::not_run()));
}

TEST(Matcher, LooksAtPlacesInsideAValue) {
  EXPECT_TRUE(holds(at({"memory", "used"}, 3), Reply::of(status)));
  EXPECT_FALSE(holds(at({"memory", "none"}, 3), Reply::of(status)));
  EXPECT_TRUE(holds(all_of({has({"hits"}), lacks({"misses"})}), Reply::of(status)));
  EXPECT_TRUE(holds(sums_up({{"memory", "used"}, {"memory", "free"}}, {"memory", "total"}), Reply::of(status)));
  EXPECT_FALSE(holds(sums_up({{"memory", "used"}}, {"memory", "total"}), Reply::of(status)));
  EXPECT_TRUE(holds(has_keys({"memory", "hits"}), Reply::of(status)));
  EXPECT_FALSE(holds(has_keys({"hits", "memory"}), Reply::of(status)));
}

TEST(Matcher, RelatesToEarlierReplies) {
  Matcher grew;
  grew.kind = Matcher::Kind::grew;
  grew.path = {"hits"};
  grew.label = "before";
  grew.value = 2;
  EXPECT_TRUE(holds(grew, Reply::of(Value::map({{"hits", 7}})), {{"before", Reply::of(status)}}));
  EXPECT_FALSE(holds(grew, Reply::of(Value::map({{"hits", 8}})), {{"before", Reply::of(status)}}));
  EXPECT_FALSE(holds(grew, Reply::of(Value::map({{"hits", 7}})), {}));
}

TEST(Matcher, SeesWhatWasThrownPrintedAndReported) {
  EXPECT_TRUE(holds(throws("ValueError", "must be"), Reply::thrown("ValueError", "it must be so")));
  EXPECT_FALSE(holds(throws("TypeError"), Reply::thrown("ValueError", "")));
  Reply reply = Reply::of(1);
  reply.output = "text";
  reply.diagnostics = {"Warning: one"};
  EXPECT_TRUE(holds(all_of({prints("text"), diagnoses(has_length(1))}), reply));
  EXPECT_FALSE(holds(prints(""), reply));
}

TEST(Matcher, EveryKindHasOneJsonForm) {
  Matcher relation;
  relation.kind = Matcher::Kind::at_least;
  relation.label = "r1";
  relation.path = {"a", Key(std::int64_t{0})};
  for (const Matcher& matcher :
       {equals("x"), one_of({1, 2}), matches("a.c"), anything(), of_type("int"), at({"k"}, 1), has({"k"}), lacks({"k"}),
        has_keys({"k", 7}), has_length(3), between(1, 2.5), sums_up({{"a"}, {"b"}}, {"c"}), throws("E", "m"),
        prints("o"), diagnoses(anything()), all_of({anything()}), any_of({equals(1)}), negated(equals(2)), relation}) {
    const auto back = matcher_from_json(Json::parse(to_json(matcher).dump()));
    ASSERT_TRUE(back) << to_text(matcher);
    EXPECT_EQ(to_json(*back), to_json(matcher));
    EXPECT_EQ(to_text(*back), to_text(matcher));
  }
}

TEST(Matcher, RefusesWhatIsNoMatcher) {
  for (const char* text : {R"({"equals": 1})", R"({"matches": "("})", R"({"at": {"path": []}})", R"({"between": [1]})",
                           R"({})", R"({"any": false})", R"({"equal": 1, "not": 2})"}) {
    EXPECT_FALSE(matcher_from_json(Json::parse(text))) << text;
  }
}

}  // namespace
}  // namespace assay::conformance
