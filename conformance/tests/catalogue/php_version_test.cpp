#include "conformance/catalogue/php_version.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

TEST(PhpVersion, ReadsWhatPhpSaysOfItself) {
  EXPECT_EQ(php_version_from("8.4.27"), (PhpVersion{8, 4, 27}));
  EXPECT_EQ(php_version_from("8.5.0-dev"), (PhpVersion{8, 5, 0}));
  EXPECT_EQ(php_version_from("8.2.36-1+deb12u1"), (PhpVersion{8, 2, 36}));
  EXPECT_EQ(php_version_from("8.4"), (PhpVersion{8, 4, 0}));
  for (const char* text : {"", "8", "8.", "x8.4.1", "-8.4.1", "8.x", "8.4.x", "99999.1.1"})
    EXPECT_EQ(php_version_from(text), std::nullopt) << text;
}

TEST(PhpVersion, AListHasOneVersionForEachBranch) {
  for (const char* list : {"8.2", "8.2.5", "8.4.27, 8.5.3", "7.4, 8.0, 9.1.2"})
    EXPECT_TRUE(is_version_list(list)) << list;
  for (const char* list : {"", "any", "8.2,8.3", "8.2, ", "8.3, 8.2", "8.2.1, 8.2.2", "8.2 and 8.3", "8.5.0-dev"})
    EXPECT_FALSE(is_version_list(list)) << list;
}

TEST(PhpVersion, TheOwnBranchDecides) {
  constexpr const char* list = "8.4.27, 8.5.3";
  EXPECT_TRUE(has_begun(list, {8, 4, 27}));
  EXPECT_TRUE(has_begun(list, {8, 4, 28}));
  EXPECT_TRUE(has_begun(list, {8, 5, 3}));
  EXPECT_FALSE(has_begun(list, {8, 4, 26}));
  EXPECT_FALSE(has_begun(list, {8, 5, 2}));
}

TEST(PhpVersion, ABranchThatIsNotNamedMustBeNewer) {
  EXPECT_TRUE(has_begun("8.4.27, 8.5.3", {8, 6, 0}));
  EXPECT_TRUE(has_begun("8.4.27, 8.5.3", {9, 0, 0}));
  EXPECT_FALSE(has_begun("8.4.27, 8.5.3", {8, 3, 99}));
  EXPECT_FALSE(has_begun("8.2.30, 8.4.5", {8, 3, 99}));
  EXPECT_TRUE(has_begun("8.2", {8, 2, 0}));
  EXPECT_FALSE(has_begun("8.2", {8, 1, 99}));
}

}  // namespace
}  // namespace assay::conformance
