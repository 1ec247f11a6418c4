#include "reference/realpath_cache/realpath_key.h"

#include <gtest/gtest.h>

namespace assay::reference {
namespace {

TEST(RealpathKey, RP_KEY_01_PublishedVectors) {
  EXPECT_EQ(realpath_key("/home"), 4353355791257440477u);
  EXPECT_EQ(realpath_key("/var/www/html"), 1438560323331296433u);
  EXPECT_EQ(realpath_key("/usr/share"), 6535054275978418810u);
  EXPECT_EQ(realpath_key("/srv/app"), 2203434383530388631u);
  EXPECT_EQ(realpath_key("/srv/app/current/index.php"), 5378228622592524166u);
}

TEST(RealpathKey, RP_KEY_02_HighBytesAreSignExtended) {
  EXPECT_EQ(realpath_key("/srv/\xc3\xa9"), 1192842639147795470u);
}

TEST(RealpathKey, RP_KEY_03_LargeKeysAreShownAsFloats) {
  EXPECT_EQ(realpath_key("/usr"), 16709846468608511126u);
  EXPECT_EQ(realpath_key("/srv/app/current"), 12275719690220165277u);
  EXPECT_EQ(present_key(realpath_key("/usr")), PresentedKey(1.6709846468608512E+19));
  EXPECT_EQ(present_key(realpath_key("/srv/app/current")), PresentedKey(1.2275719690220165E+19));
  EXPECT_EQ(present_key(realpath_key("/home")), PresentedKey(std::int64_t{4353355791257440477}));
  EXPECT_EQ(present_key(INT64_MAX), PresentedKey(INT64_MAX));
  EXPECT_EQ(present_key(std::uint64_t{1} << 63), PresentedKey(9223372036854775808.0));
}

TEST(RealpathKey, RP_KEY_04_PublishedCollision) {
  EXPECT_EQ(realpath_key("/srv") % 1024, 199u);
  EXPECT_EQ(realpath_key("/cig") % 1024, 199u);
}

}  // namespace
}  // namespace assay::reference
