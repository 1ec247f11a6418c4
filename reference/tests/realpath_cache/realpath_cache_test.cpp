#include "reference/realpath_cache/realpath_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/realpath_cache/realpath_key.h"

namespace assay::reference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kNow = 1'000'000;

std::vector<std::string> Keys(const RealpathCache& cache) {
  std::vector<std::string> keys;
  for (const auto& entry : cache.List()) keys.push_back(entry.raw_path);
  return keys;
}

bool Finds(RealpathCache& cache, std::string_view path, std::int64_t now) {
  RealpathCache::Hit hit;
  return cache.Find(path, now, hit);
}

// Three four-letter names in one chain; the first two are the published pair.
std::string ThirdName() {
  for (char a = 'a'; a <= 'z'; ++a)
    for (char b = 'a'; b <= 'z'; ++b)
      for (char c = 'a'; c <= 'z'; ++c)
        if (const std::string name{'/', a, b, c}; name != "/srv" && name != "/cig" && RealpathKey(name) % 1024 == 199)
          return name;
  return {};
}

TEST(RealpathCache, RP_ENT_10_FieldsOfAnEntry) {
  RealpathCache cache({});
  cache.Insert("/a/link", "/a/target", true, kNow);
  EXPECT_THAT(cache.List(),
              ElementsAre(RealpathCacheEntry{"/a/link", RealpathKey("/a/link"), true, "/a/target", kNow + 120}));
}

TEST(RealpathCache, RP_ENT_11_ChainsAscendingNewestFirstExpiredListed) {
  RealpathCache cache({4096 * 1024, 1});
  for (int i = 0; i < 3000; ++i) cache.Insert("/n" + std::to_string(i), "/n" + std::to_string(i), false, kNow);
  cache.Insert("/srv", "/srv", true, kNow);
  cache.Insert("/cig", "/cig", true, kNow);
  const auto entries = cache.List();
  ASSERT_EQ(entries.size(), 3002u);
  for (std::size_t i = 1; i < entries.size(); ++i) ASSERT_LE(entries[i - 1].key % 1024, entries[i].key % 1024);
  std::vector<std::string> pair;
  for (const auto& entry : entries)
    if (entry.raw_path == "/srv" || entry.raw_path == "/cig") pair.push_back(entry.raw_path);
  EXPECT_THAT(pair, ElementsAre("/cig", "/srv"));
}

TEST(RealpathCache, RP_KEY_04_CollidingPathsAreKeptApart) {
  RealpathCache cache({});
  cache.Insert("/srv", "/one", true, kNow);
  cache.Insert("/cig", "/two", false, kNow);
  RealpathCache::Hit hit;
  ASSERT_TRUE(cache.Find("/srv", kNow, hit));
  EXPECT_EQ(hit.real_path, "/one");
  EXPECT_TRUE(hit.is_dir);
  ASSERT_TRUE(cache.Find("/cig", kNow, hit));
  EXPECT_EQ(hit.real_path, "/two");
  EXPECT_FALSE(Finds(cache, "/" + ThirdName(), kNow));
}

TEST(RealpathCache, RP_SIZE_01_BytesPerEntry) {
  RealpathCache cache({});
  EXPECT_EQ(cache.size(), 0);
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.size(), 53);
  cache.Insert("/srv/app/current/index.php", "/srv/app/releases/r1/index.php", false, kNow);
  EXPECT_EQ(cache.size(), 53 + 106);
  cache.Remove("/srv");
  EXPECT_EQ(cache.size(), 106);
}

TEST(RealpathCache, RP_SIZE_02_EqualityAdmits) {
  RealpathCache tight({52, 120});
  tight.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(tight.size(), 0);
  RealpathCache exact({53, 120});
  exact.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(exact.size(), 53);
}

TEST(RealpathCache, RP_SIZE_03_NothingIsEvictedAndACheaperEntryStillFits) {
  RealpathCache cache({53 + 52, 1});
  cache.Insert("/srv", "/srv", true, kNow);
  cache.Insert("/home", "/home", true, kNow + 100);
  EXPECT_THAT(Keys(cache), ElementsAre("/srv"));
  cache.Insert("/op", "/op", true, kNow + 100);
  EXPECT_EQ(cache.size(), 53 + 52);
  EXPECT_EQ(cache.List().size(), 2u);
}

TEST(RealpathCache, RP_SIZE_04_AWalkReclaimsWhatItPassesBeforeItsMatch) {
  const std::string oldest = ThirdName();
  const auto fill = [&](RealpathCache& cache) {
    cache.Insert(oldest, oldest, true, kNow);
    cache.Insert("/srv", "/srv", true, kNow);
    cache.Insert("/cig", "/cig", true, kNow + 100);
  };
  RealpathCache newest({4096, 5});
  fill(newest);
  EXPECT_TRUE(Finds(newest, "/cig", kNow + 50));
  EXPECT_THAT(Keys(newest), ElementsAre("/cig", "/srv", oldest)) << "expired entries behind the match stay";
  RealpathCache missing({4096, 5});
  fill(missing);
  EXPECT_FALSE(Finds(missing, oldest, kNow + 50));
  EXPECT_THAT(Keys(missing), ElementsAre("/cig"));
  EXPECT_EQ(missing.size(), 53);
}

TEST(RealpathCache, RP_SIZE_05_ZeroDisables) {
  RealpathCache cache({0, 120});
  EXPECT_FALSE(cache.in_use());
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.size(), 0);
  EXPECT_THAT(cache.List(), IsEmpty());
}

TEST(RealpathCache, RP_SIZE_06_NegativeAndLargestLimits) {
  RealpathCache negative({-1, 120});
  negative.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(negative.size(), 0);
  RealpathCache smallest({50, 120});
  smallest.Insert("/a", "/a", true, kNow);
  EXPECT_EQ(smallest.size(), 0);
  RealpathCache largest({INT64_MAX, 120});
  largest.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(largest.size(), 53);
}

TEST(RealpathCache, RP_TTL_02_BoundaryIsInclusive) {
  RealpathCache cache({4096, 120});
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_TRUE(Finds(cache, "/srv", kNow + 120));
  EXPECT_FALSE(Finds(cache, "/srv", kNow + 121));
  EXPECT_EQ(cache.size(), 0);
}

TEST(RealpathCache, RP_TTL_04_ZeroNeverExpires) {
  RealpathCache cache({4096, 0});
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.List().front().expires, -1);
  EXPECT_TRUE(Finds(cache, "/srv", kNow * 1000));
}

TEST(RealpathCache, RP_TTL_05_NegativeIsBornExpired) {
  RealpathCache cache({4096, -5});
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.List().front().expires, kNow - 5);
  EXPECT_EQ(cache.size(), 53);
  EXPECT_FALSE(Finds(cache, "/srv", kNow));
  EXPECT_EQ(cache.size(), 0);
}

TEST(RealpathCache, RP_TTL_07_ClockStepsBack) {
  RealpathCache cache({4096, 10});
  cache.Insert("/srv", "/srv", true, kNow);
  EXPECT_TRUE(Finds(cache, "/srv", kNow - 3600));
  EXPECT_EQ(cache.List().front().expires, kNow + 10) << "RP-TTL-08: a hit does not slide";
}

TEST(RealpathCache, RP_CLR_03_RemovesOneRawKeyAndReclaimsNothing) {
  RealpathCache cache({4096, 5});
  cache.Insert("/srv", "/srv", true, kNow);
  cache.Insert("/cig", "/cig", true, kNow);
  for (const char* other : {"srv", "/srv/", "/./srv", ""}) cache.Remove(other);
  EXPECT_EQ(cache.size(), 106);
  cache.Remove("/srv");
  EXPECT_THAT(Keys(cache), ElementsAre("/cig"));
}

TEST(RealpathCache, RP_INI_04_FrozenKeepsItsEntriesUntilCleared) {
  RealpathCache cache({});
  cache.Insert("/srv", "/srv", true, kNow);
  cache.Freeze();
  EXPECT_FALSE(Finds(cache, "/srv", kNow));
  cache.Insert("/cig", "/cig", true, kNow);
  EXPECT_EQ(cache.size(), 53);
  cache.Clear();
  cache.Insert("/cig", "/cig", true, kNow);
  EXPECT_THAT(cache.List(), IsEmpty());
  EXPECT_EQ(cache.size(), 0);
}

// The index beside the chains grows with the cache and forgets what leaves it.
TEST(RealpathCache, ManyEntriesAreFoundRemovedAndReclaimed) {
  RealpathCache cache({.size_limit = 1 << 30, .ttl = 10});
  const auto path = [](int i) { return "/many/" + std::to_string(i); };
  constexpr int kMany = 20'000;
  for (int i = 0; i < kMany; ++i) cache.Insert(path(i), "/real/" + std::to_string(i), i % 2 == 0, 100 + i % 2);
  RealpathCache::Hit hit;
  for (int i = 0; i < kMany; ++i) {
    ASSERT_TRUE(cache.Find(path(i), 105, hit));
    ASSERT_EQ(hit.real_path, "/real/" + std::to_string(i));
    ASSERT_EQ(hit.is_dir, i % 2 == 0);
  }
  for (int i = 0; i < kMany; i += 4) cache.Remove(path(i));
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(cache.Find(path(i), 105, hit), i % 4 != 0) << i;
  // In second 111 the even ones have expired; a look for each walks its chain.
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(cache.Find(path(i), 111, hit), i % 2 == 1) << i;
  for (int i = 0; i < kMany; ++i) ASSERT_FALSE(cache.Find(path(i), 112, hit));
  EXPECT_EQ(cache.size(), 0);
  EXPECT_TRUE(cache.List().empty());
}

TEST(RealpathCache, ALongChainIsFreedWithoutRecursion) {
  RealpathCache cache({INT64_MAX, 0});
  for (int i = 0; i < 400'000; ++i) cache.Insert("/srv", "/srv", true, kNow);  // all in one chain
  EXPECT_EQ(cache.size(), 400'000 * 53);
  cache.Clear();
  EXPECT_EQ(cache.size(), 0);
}

}  // namespace
}  // namespace assay::reference
