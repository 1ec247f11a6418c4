#include "conformance/vocabulary/strict_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

std::string brackets(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

TEST(StrictJson, ReadsValues) {
  const auto json = strict_json(R"({"a": [1, {"a": 2}], "b": {"a": 3}})");
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["a"][1]["a"], 2);
}

TEST(StrictJson, AFieldStandsOnce) {
  for (const char* text : {R"({"a": 1, "a": 1})", R"([{"x": {"a": 1, "b": 2, "a": null}}])"}) {
    const auto json = strict_json(text);
    ASSERT_FALSE(json) << text;
    EXPECT_THAT(json.error().message, HasSubstr("field \"a\" stands twice"));
  }
}

TEST(StrictJson, WhatIsNoJsonIsSaidToBeNone) {
  for (const char* text : {"", "{", "nothing", "{} {}", "{\"a\":}", "[1,]", "\xff"})
    EXPECT_FALSE(strict_json(text)) << text;
}

TEST(StrictJson, NestingIsLimited) {
  EXPECT_TRUE(strict_json(brackets(kMostLevels)));
  for (const int levels : {kMostLevels + 1, 3'000'000}) {
    const auto json = strict_json(brackets(levels));
    ASSERT_FALSE(json);
    EXPECT_THAT(json.error().message, HasSubstr("deeper than"));
  }
}

TEST(StrictJson, BracketsInTextsAreNoNesting) {
  EXPECT_FALSE(is_nested_deeper(R"({"a": "[[[\"[[["})", 1));
  EXPECT_TRUE(is_nested_deeper(R"({"a": "x\\", "b": [[]]})", 2));
}

}  // namespace
}  // namespace assay::conformance
