#include "reference/static_cache/declared_keys.h"

#include <gtest/gtest.h>

#include "reference/static_cache/static_cache.h"

namespace assay::reference::declared_keys {
namespace {

TEST(DeclaredKeys, AreNoKeysThatACallerMayUse) {  // ST-KEY-07, ST-KEY-10
  for (const std::string_view prefix : {kVolatile, kPinned}) {
    EXPECT_TRUE(key_complaint(of_class(prefix, "a\\b")));
    EXPECT_TRUE(key_complaint(of_member(prefix, "a", "$x")));
  }
}

TEST(DeclaredKeys, BelongToTheirClassAlone) {  // ST-ATT-18
  for (const std::string& key :
       {of_class(kVolatile, "shop"), of_member(kVolatile, "shop", "$x"), of_member(kVolatile, "shop", "m()::$x")}) {
    EXPECT_TRUE(is_of_class(key, kVolatile, "shop")) << key;
    EXPECT_FALSE(is_of_class(key, kPinned, "shop")) << key;
    EXPECT_FALSE(is_of_class(key, kVolatile, "shopping")) << key;
    EXPECT_FALSE(is_of_class(key, kVolatile, "sho")) << key;
  }
  EXPECT_FALSE(is_of_class("shop", kVolatile, "shop"));
  EXPECT_FALSE(is_of_class(of_class(kVolatile, "shop\\part"), kVolatile, "shop"));
  EXPECT_FALSE(is_of_class("", kVolatile, ""));
}

TEST(DeclaredKeys, TellMembersApart) {
  EXPECT_NE(of_member(kVolatile, "a", "$x"), of_member(kVolatile, "a", "m()::$x"));
  EXPECT_NE(of_member(kVolatile, "a", "$x"), of_member(kPinned, "a", "$x"));
  EXPECT_NE(of_class(kVolatile, "a"), of_member(kVolatile, "a", "$x"));
}

}  // namespace
}  // namespace assay::reference::declared_keys
