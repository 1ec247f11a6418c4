#include "conformance/vocabulary/json_text.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

std::string brackets(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

TEST(JsonText, ReadsValues) {
  const auto json = json_from_file(R"({"a": [1, {"a": 2}], "b": {"a": 3}})");
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["a"][1]["a"], 2);
  EXPECT_EQ(json_from_file(R"({"b": 1, "a": 2})")->dump(), R"({"b":1,"a":2})") << "fields keep their order";
}

TEST(JsonText, AFieldStandsOnce) {
  for (const char* text : {R"({"a": 1, "a": 1})", R"([{"x": {"a": 1, "b": 2, "a": null}}])"}) {
    const auto json = json_from_file(text);
    ASSERT_FALSE(json) << text;
    EXPECT_THAT(json.error().message, HasSubstr("field \"a\" stands twice"));
  }
}

TEST(JsonText, WhatIsNoJsonIsSaidToBeNone) {
  for (const char* text : {"", "{", "nothing", "{} {}", "{\"a\":}", "[1,]", "\xff"})
    EXPECT_FALSE(json_from_file(text)) << text;
}

TEST(JsonText, NestingIsLimited) {
  EXPECT_TRUE(json_from_file(brackets(kMostLevels)));
  for (const int levels : {kMostLevels + 1, 3'000'000}) {
    const auto json = json_from_file(brackets(levels));
    ASSERT_FALSE(json);
    EXPECT_THAT(json.error().message, HasSubstr("deeper than"));
  }
}

TEST(JsonText, WhatATargetSaysIsDiscardedWhereItIsNoJsonOrTooDeep) {
  EXPECT_EQ(json_from_target("[1]")[0], 1);
  for (const std::string& text : {std::string("{"), brackets(kMostLevels + 1), brackets(3'000'000)})
    EXPECT_TRUE(json_from_target(text).is_discarded());
}

TEST(JsonText, BracketsInTextsAreNoNesting) {
  EXPECT_FALSE(is_nested_deeper(R"({"a": "[[[\"[[["})", 1));
  EXPECT_TRUE(is_nested_deeper(R"({"a": "x\\", "b": [[]]})", 2));
}

}  // namespace
}  // namespace assay::conformance
