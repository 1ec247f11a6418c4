#include "reference/php/compiler/static_attributes.h"

#include <gtest/gtest.h>

#include "reference/php/compiler/compiler.h"

namespace assay::reference::php {
namespace {

// ST-ATT-01, ST-ATT-21, ST-TTL-03: what is said of attributes without running code.
class StaticAttributes : public testing::Test {
 protected:
  // Those of a class.
  const List<AttributeData>& of(const std::string& attributes) {
    const std::string source =
        "<?php use OPcache\\VolatileStatic; use OPcache\\PinnedStatic; use OPcache\\CacheStrategy;\n" + attributes +
        " class C {}";
    auto compiled = SubsetCompiler().compile(source, "/x.php", arena_);
    if (!compiled) {
      complaint_ = compiled.error().message;
      return none_;
    }
    return compiled->script->classes[0]->attributes;
  }
  std::string complaint(const std::string& attributes, std::string_view target = "class") {
    const List<AttributeData>& list = of(attributes);
    if (!complaint_.empty()) return std::exchange(complaint_, "");
    return static_attribute_complaint(list, target).value_or("");
  }

  Arena arena_;
  std::string complaint_;
  List<AttributeData> none_;
};

TEST_F(StaticAttributes, AreKnownByTheirWholeNameInAnyCase) {
  EXPECT_EQ(static_attribute(of("#[VolatileStatic]")[0]), StaticAttribute::volatile_);
  EXPECT_EQ(static_attribute(of("#[\\opcache\\PINNEDSTATIC]")[0]), StaticAttribute::pinned);
  EXPECT_EQ(static_attribute(of("#[\\VolatileStatic]")[0]), StaticAttribute::none);
  EXPECT_EQ(static_attribute(of("#[Other]")[0]), StaticAttribute::none);
}

TEST_F(StaticAttributes, WhatIsWellFormedHasNoComplaint) {
  for (const char* good :
       {"#[VolatileStatic]", "#[VolatileStatic(5)]", "#[VolatileStatic(ttl: 0)]", "#[PinnedStatic]",
        "#[Other(1, 2, 3)]", "#[VolatileStatic(5, CacheStrategy::Tracking)]",
        "#[VolatileStatic(strategy: CacheStrategy::Immediate, ttl: 5)]", "#[VolatileStatic(SOME_CONSTANT)]"})
    EXPECT_EQ(complaint(good), "") << good;
}

TEST_F(StaticAttributes, EachMistakeHasItsComplaint) {
  const std::pair<const char*, const char*> cases[] = {
      {"#[VolatileStatic(-1)]", "greater than or equal to 0"},
      {"#[VolatileStatic('5')]", "must be an integer"},
      {"#[VolatileStatic(null)]", "must be an integer"},
      {"#[VolatileStatic([])]", "must be an integer"},
      {"#[VolatileStatic(5, 1)]", "must be a case of"},
      {"#[VolatileStatic(5, CacheStrategy::Tracking, 1)]", "at most 2 arguments"},
      {"#[VolatileStatic(5, ttl: 5)]", "Named parameter $ttl overwrites previous argument"},
      {"#[VolatileStatic(other: 5)]", "Unknown named parameter $other"},
      {"#[PinnedStatic(1)]", "takes no arguments"},
      {"#[VolatileStatic] #[VolatileStatic]", "must not be repeated"},
  };
  for (const auto& [attributes, message] : cases)
    EXPECT_NE(complaint(attributes).find(message), std::string::npos) << attributes << ": " << complaint(attributes);
}

TEST_F(StaticAttributes, OnlyClassesPropertiesAndMethodsAreTargets) {
  for (const char* target : {"class", "property", "method"}) EXPECT_EQ(complaint("#[PinnedStatic]", target), "");
  for (const char* target : {"function", "class constant", "parameter"})
    EXPECT_NE(complaint("#[PinnedStatic]", target).find("cannot target " + std::string(target)), std::string::npos);
  EXPECT_EQ(complaint("#[Other]", "function"), "");
}

TEST_F(StaticAttributes, ArgumentsAreFoundByPlaceAndByName) {
  for (const char* text : {"#[VolatileStatic(7)]", "#[VolatileStatic(ttl: 7)]",
                           "#[VolatileStatic(strategy: CacheStrategy::Tracking, ttl: 7)]"}) {
    const Node* value = static_attribute_argument(of(text)[0], "ttl");
    ASSERT_NE(value, nullptr) << text;
    EXPECT_EQ(value->constant->integer, 7) << text;
  }
  EXPECT_EQ(static_attribute_argument(of("#[VolatileStatic(7)]")[0], "strategy"), nullptr);
  EXPECT_EQ(static_attribute_argument(of("#[VolatileStatic]")[0], "ttl"), nullptr);
}

}  // namespace
}  // namespace assay::reference::php
