#include "conformance/vocabulary/value_json.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

// Any value at all, nested up to `depth`, objects and references numbered as the canonical form wants them.
Value arbitrary_value(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 7 : 6);
  switch (kind) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return *rc::gen::arbitrary<double>();
    case 4:
      return *rc::gen::arbitrary<std::string>();
    case 5:
      return EnumCase{"Suit", "Hearts"};
    default:
      break;
  }
  Elements elements;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    const Key key = *rc::gen::arbitrary<bool>() ? Key(*rc::gen::arbitrary<std::int64_t>())
                                                : Key(*rc::gen::arbitrary<std::string>());
    elements.emplace_back(key, arbitrary_value(depth - 1));
  }
  return elements;
}

TEST(ValueJson, EveryValueSurvivesTheRoundTripThroughText) {
  EXPECT_TRUE(rc::check([] {
    const Value value = arbitrary_value(3);
    const auto back = value_from_json(Json::parse(to_json(value).dump()));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == value);
    RC_ASSERT(to_json(*back) == to_json(value));
  }));
}

TEST(ValueJson, SharingIsKept) {
  Object object{1, false, "C", {{Key("p"), Value(Reference{1, {Value(7)}})}}};
  const Value value = Value::list({object, Object{1, true, "", {}}, Reference{1, {}}});
  const auto back = value_from_json(to_json(value));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, value);
}

TEST(ValueJson, FloatsAreToldApartByTheirBits) {
  EXPECT_FALSE(Value(0.0) == Value(-0.0));
  EXPECT_FALSE(Value(1.0) == Value(1));
  EXPECT_TRUE(Value(std::numeric_limits<double>::quiet_NaN()) == Value(-std::numeric_limits<double>::quiet_NaN()));
}

struct Refused {
  const char* json;
  const char* says;
};

class RefusedForms : public testing::TestWithParam<Refused> {};

TEST_P(RefusedForms, AreErrorsThatSayWhy) {
  const auto value = value_from_json(Json::parse(GetParam().json));
  ASSERT_FALSE(value);
  EXPECT_THAT(value.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(ValueJson, RefusedForms,
                         testing::Values(Refused{"1.5", "$float"}, Refused{"18446744073709551615", "64 bits"},
                                         Refused{R"({"$float": "1,5"})", "not a float"},
                                         Refused{R"({"$bytes": "YWJj"})", "plain string"},
                                         Refused{R"({"$bytes": "!"})", "base64"},
                                         Refused{R"({"$array": [[0, 1]]})", "plain list"},
                                         Refused{R"({"$object": 2, "class": "C", "properties": []})", "out of order"},
                                         Refused{R"({"$enum": "Hearts"})", "Class::Case"},
                                         Refused{R"({"$unknown": "1"})", "$array"}, Refused{"{}", "empty"}));

}  // namespace
}  // namespace assay::conformance
