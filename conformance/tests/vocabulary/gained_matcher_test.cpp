#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {
namespace {

Value listing(std::initializer_list<const char*> keys) {
  Elements elements;
  for (const char* key : keys) elements.emplace_back(key, 1);
  return elements;
}

Matcher gained(std::vector<Value> keys) {
  return matchers::Gained{{"before", {}}, std::move(keys)};
}

bool holds(const Matcher& matcher, const Value& now) {
  const Labelled earlier = {{"before", Reply::of(listing({"/a", "/b"}))}};
  return !mismatch(matcher, Reply::of(now), earlier);
}

TEST(GainedMatcher, TakesExactlyTheNewKeysInAnyOrder) {
  EXPECT_TRUE(holds(gained({"/c", "/d"}), listing({"/d", "/a", "/c", "/b"})));
  EXPECT_TRUE(holds(gained({}), listing({"/b", "/a"})));
}

TEST(GainedMatcher, RefusesAMissingKeyOneTooManyAndALostOne) {
  EXPECT_FALSE(holds(gained({"/c"}), listing({"/a", "/b"})));
  EXPECT_FALSE(holds(gained({"/c"}), listing({"/a", "/b", "/c", "/d"})));
  EXPECT_FALSE(holds(gained({"/c"}), listing({"/a", "/c"})));
  EXPECT_FALSE(holds(gained({}), Value(1)));
}

TEST(GainedMatcher, TellsLongKeysApartByTheirLastByte) {
  const std::string common(5000, 'x');
  EXPECT_FALSE(holds(gained({common + "1"}), listing({"/a", "/b", (common + "2").c_str()})));
}

TEST(GainedMatcher, HasAJsonForm) {
  const Matcher matcher = gained({"/c"});
  const auto again = matcher_from_json(to_json(matcher));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_json(*again), to_json(matcher));
  EXPECT_FALSE(matcher_from_json(Json::parse(R"({"gained": {"since": "r1", "path": []}})")));
  EXPECT_FALSE(matcher_from_json(Json::parse(R"({"gained": {"since": "r1", "path": [], "keys": 1}})")));
}

}  // namespace
}  // namespace assay::conformance
