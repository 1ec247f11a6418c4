#include "conformance/vocabulary/matcher.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "conformance/vocabulary/trace.h"

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
  const Matcher grew = matchers::Grew{{"before", {"hits"}}, Value(2)};
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

// One of each, in the order of their rows.
std::vector<Matcher> one_of_each() {
  const Earlier place{"r1", {"a", Key(std::int64_t{0})}};
  return {anything(),
          equals("x"),
          one_of({1, 2}),
          matches("a.c"),
          of_type("int"),
          at({"k"}, 1),
          has({"k"}),
          lacks({"k"}),
          has_keys({"k", 7}),
          has_length(3),
          between(1, 2.5),
          matchers::Grew{place, Range{1, 2}},
          matchers::Gained{place, {"new"}},
          matchers::SameAs{place},
          matchers::DiffersFrom{place},
          matchers::AtLeast{place},
          matchers::AtMost{place},
          sums_up({{"a"}, {"b"}}, {"c"}),
          throws("E", "m"),
          prints("o"),
          diagnoses(anything()),
          all_of({anything()}),
          any_of({equals(1)}),
          negated(equals(2))};
}

TEST(Matcher, EachHasOneJsonForm) {
  const auto rows = matcher_rows();
  const auto each = one_of_each();
  ASSERT_EQ(each.size(), rows.size()) << "add the new one to one_of_each()";
  for (std::size_t i = 0; i < each.size(); ++i) {
    const Json json = to_json(each[i]);
    EXPECT_EQ(json.begin().key(), rows[i]->name);
    const auto back = matcher_from_json(Json::parse(json.dump()));
    ASSERT_TRUE(back) << to_text(each[i]) << ": " << back.error().message;
    EXPECT_EQ(to_json(*back), json);
    EXPECT_EQ(to_text(*back), to_text(each[i]));
  }
}

// The JSON of a matcher inside `levels` others.
std::string nested(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += R"({"not":)";
  return text + R"({"any":true})" + std::string(static_cast<std::size_t>(levels), '}');
}

TEST(Matcher, IsNestedInAsManyLevelsAsAValueAndNoMore) {
  EXPECT_TRUE(matcher_from_json(Json::parse(nested(511))));
  const auto refused = matcher_from_json(Json::parse(nested(10'000)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "matchers are nested deeper than 512 levels");
}

TEST(Matcher, NamesTheLineOfATraceThatNestsTooDeep) {
  const auto trace = trace_from_json_lines(R"({"assay_trace":1,"name":"x","clauses":[]})"
                                           "\n"
                                           R"({"worker":0,"operations":[{"op":"time","expect":)" +
                                               nested(10'000) + "}]}\n",
                                           "deep.jsonl");
  ASSERT_FALSE(trace);
  EXPECT_TRUE(trace.error().message.starts_with("deep.jsonl:2: ")) << trace.error().message;
  EXPECT_NE(trace.error().message.find("nested deeper than "), std::string::npos) << trace.error().message;
}

TEST(Matcher, SearchesInTimeInProportionToTheText) {
  EXPECT_FALSE(holds(matches("^(a+)+$"), Reply::of(std::string(40, 'a') + "b")));
  EXPECT_TRUE(holds(matches("^(a|b)*$"), Reply::of(std::string(300'000, 'b'))));
  EXPECT_FALSE(holds(throws("", "^(a+)+$"), Reply::thrown("E", std::string(40, 'a') + "b")));
}

TEST(Matcher, SearchesBytes) {
  EXPECT_TRUE(holds(matches("^.\\xff$"), Reply::of("\xfe\xff")));
  EXPECT_TRUE(holds(matches("\u00e9"), Reply::of("caf\u00e9")));
}

TEST(Matcher, RefusesWhatIsNoMatcher) {
  for (const char* text :
       {R"({"equals": 1})", R"({"matches": "("})", R"x({"matches": "a(?=b)"})x", R"({"at": {"path": []}})",
        R"({"between": [1]})", R"({"length": "x"})", R"({})", R"({"any": false})", R"({"equal": 1, "not": 2})"}) {
    EXPECT_FALSE(matcher_from_json(Json::parse(text))) << text;
  }
}

// Nothing matches one of nothing, and everything all of nothing: neither is what somebody meant.
TEST(Matcher, RefusesEmptyLists) {
  for (const char* text : {R"({"any_of": []})", R"({"all": []})", R"({"one_of": []})"}) {
    const auto refused = matcher_from_json(Json::parse(text));
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find("or more"), std::string::npos) << refused.error().message;
  }
}

TEST(Matcher, NamesTheInnermostMistake) {
  const auto refused = matcher_from_json(Json::parse(R"({"all": [{"not": {"between": [1]}}]})"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "matcher \"between\": needs two numbers");
}

}  // namespace
TEST(Matcher, AWrongReplyShowsWhatItHasAtTheMatchersPlace) {
  const Reply reply = Reply::of(Value::map({{Key("hits"), 3}, {Key("misses"), 1}}));
  const Labelled earlier = {{"before", reply}};
  EXPECT_EQ(actual_of(at({"hits"}, 4), reply, {}), "3 there");
  EXPECT_EQ(actual_of(all_of({at({"hits"}, 3), at({"misses"}, 0)}), reply, {}), "1 there");
  EXPECT_EQ(actual_of(matchers::Grew{{"before", {"hits"}}, Value(1)}, reply, earlier), "3 there");
  EXPECT_EQ(actual_of(at({"keys"}, 4), reply, {}), R"(nothing there, in ["hits" => 3, "misses" => 1])");
  EXPECT_EQ(actual_of(equals(4), reply, {}), R"(["hits" => 3, "misses" => 1])");
}

}  // namespace assay::conformance
