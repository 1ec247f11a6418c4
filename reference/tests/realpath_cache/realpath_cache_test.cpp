#include "reference/realpath_cache/realpath_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/realpath_cache/realpath_key.h"

namespace assay::reference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kNow = 1'000'000;

std::vector<std::string> keys(const RealpathCache& cache) {
  std::vector<std::string> keys;
  for (const auto& entry : cache.list()) keys.push_back(entry.raw_path);
  return keys;
}

bool finds(RealpathCache& cache, std::string_view path, std::int64_t now) {
  RealpathCache::Hit hit;
  return cache.find(path, now, hit);
}

// Three four-letter names in one chain; the first two are the published pair.
std::string third_name() {
  for (char a = 'a'; a <= 'z'; ++a)
    for (char b = 'a'; b <= 'z'; ++b)
      for (char c = 'a'; c <= 'z'; ++c)
        if (const std::string name{'/', a, b, c}; name != "/srv" && name != "/cig" && realpath_key(name) % 1024 == 199)
          return name;
  return {};
}

TEST(RealpathCache, RP_ENT_10_FieldsOfAnEntry) {
  RealpathCache cache({});
  cache.insert("/a/link", "/a/target", true, kNow);
  EXPECT_THAT(cache.list(),
              ElementsAre(RealpathCacheEntry{"/a/link", realpath_key("/a/link"), true, "/a/target", kNow + 120}));
}

TEST(RealpathCache, RP_ENT_11_ChainsAscendingNewestFirstExpiredListed) {
  RealpathCache cache({4096 * 1024, 1});
  for (int i = 0; i < 3000; ++i) cache.insert("/n" + std::to_string(i), "/n" + std::to_string(i), false, kNow);
  cache.insert("/srv", "/srv", true, kNow);
  cache.insert("/cig", "/cig", true, kNow);
  const auto entries = cache.list();
  ASSERT_EQ(entries.size(), 3002u);
  for (std::size_t i = 1; i < entries.size(); ++i) ASSERT_LE(entries[i - 1].key % 1024, entries[i].key % 1024);
  std::vector<std::string> pair;
  for (const auto& entry : entries)
    if (entry.raw_path == "/srv" || entry.raw_path == "/cig") pair.push_back(entry.raw_path);
  EXPECT_THAT(pair, ElementsAre("/cig", "/srv"));
}

TEST(RealpathCache, RP_KEY_04_CollidingPathsAreKeptApart) {
  RealpathCache cache({});
  cache.insert("/srv", "/one", true, kNow);
  cache.insert("/cig", "/two", false, kNow);
  RealpathCache::Hit hit;
  ASSERT_TRUE(cache.find("/srv", kNow, hit));
  EXPECT_EQ(hit.real_path, "/one");
  EXPECT_TRUE(hit.is_dir);
  ASSERT_TRUE(cache.find("/cig", kNow, hit));
  EXPECT_EQ(hit.real_path, "/two");
  EXPECT_FALSE(finds(cache, "/" + third_name(), kNow));
}

TEST(RealpathCache, RP_SIZE_01_BytesPerEntry) {
  RealpathCache cache({});
  EXPECT_EQ(cache.size(), 0);
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.size(), 53);
  cache.insert("/srv/app/current/index.php", "/srv/app/releases/r1/index.php", false, kNow);
  EXPECT_EQ(cache.size(), 53 + 106);
  cache.remove("/srv");
  EXPECT_EQ(cache.size(), 106);
}

TEST(RealpathCache, RP_SIZE_02_EqualityAdmits) {
  RealpathCache tight({52, 120});
  tight.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(tight.size(), 0);
  RealpathCache exact({53, 120});
  exact.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(exact.size(), 53);
}

TEST(RealpathCache, RP_SIZE_03_NothingIsEvictedAndACheaperEntryStillFits) {
  RealpathCache cache({53 + 52, 1});
  cache.insert("/srv", "/srv", true, kNow);
  cache.insert("/home", "/home", true, kNow + 100);
  EXPECT_THAT(keys(cache), ElementsAre("/srv"));
  cache.insert("/op", "/op", true, kNow + 100);
  EXPECT_EQ(cache.size(), 53 + 52);
  EXPECT_EQ(cache.list().size(), 2u);
}

TEST(RealpathCache, RP_SIZE_04_AWalkReclaimsWhatItPassesBeforeItsMatch) {
  const std::string oldest = third_name();
  const auto fill = [&](RealpathCache& cache) {
    cache.insert(oldest, oldest, true, kNow);
    cache.insert("/srv", "/srv", true, kNow);
    cache.insert("/cig", "/cig", true, kNow + 100);
  };
  RealpathCache newest({4096, 5});
  fill(newest);
  EXPECT_TRUE(finds(newest, "/cig", kNow + 50));
  EXPECT_THAT(keys(newest), ElementsAre("/cig", "/srv", oldest)) << "expired entries behind the match stay";
  RealpathCache missing({4096, 5});
  fill(missing);
  EXPECT_FALSE(finds(missing, oldest, kNow + 50));
  EXPECT_THAT(keys(missing), ElementsAre("/cig"));
  EXPECT_EQ(missing.size(), 53);
}

TEST(RealpathCache, RP_SIZE_05_ZeroDisables) {
  RealpathCache cache({0, 120});
  EXPECT_FALSE(cache.in_use());
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.size(), 0);
  EXPECT_THAT(cache.list(), IsEmpty());
}

TEST(RealpathCache, RP_SIZE_06_NegativeAndLargestLimits) {
  RealpathCache negative({-1, 120});
  negative.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(negative.size(), 0);
  RealpathCache smallest({50, 120});
  smallest.insert("/a", "/a", true, kNow);
  EXPECT_EQ(smallest.size(), 0);
  RealpathCache largest({INT64_MAX, 120});
  largest.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(largest.size(), 53);
}

TEST(RealpathCache, RP_TTL_02_BoundaryIsInclusive) {
  RealpathCache cache({4096, 120});
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_TRUE(finds(cache, "/srv", kNow + 120));
  EXPECT_FALSE(finds(cache, "/srv", kNow + 121));
  EXPECT_EQ(cache.size(), 0);
}

TEST(RealpathCache, RP_TTL_04_ZeroNeverExpires) {
  RealpathCache cache({4096, 0});
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.list().front().expires, -1);
  EXPECT_TRUE(finds(cache, "/srv", kNow * 1000));
}

TEST(RealpathCache, RP_TTL_05_NegativeIsBornExpired) {
  RealpathCache cache({4096, -5});
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_EQ(cache.list().front().expires, kNow - 5);
  EXPECT_EQ(cache.size(), 53);
  EXPECT_FALSE(finds(cache, "/srv", kNow));
  EXPECT_EQ(cache.size(), 0);
}

TEST(RealpathCache, RP_TTL_07_ClockStepsBack) {
  RealpathCache cache({4096, 10});
  cache.insert("/srv", "/srv", true, kNow);
  EXPECT_TRUE(finds(cache, "/srv", kNow - 3600));
  EXPECT_EQ(cache.list().front().expires, kNow + 10) << "RP-TTL-08: a hit does not slide";
}

TEST(RealpathCache, RP_CLR_03_RemovesOneRawKeyAndReclaimsNothing) {
  RealpathCache cache({4096, 5});
  cache.insert("/srv", "/srv", true, kNow);
  cache.insert("/cig", "/cig", true, kNow);
  for (const char* other : {"srv", "/srv/", "/./srv", ""}) cache.remove(other);
  EXPECT_EQ(cache.size(), 106);
  cache.remove("/srv");
  EXPECT_THAT(keys(cache), ElementsAre("/cig"));
}

TEST(RealpathCache, RP_INI_04_FrozenKeepsItsEntriesUntilCleared) {
  RealpathCache cache({});
  cache.insert("/srv", "/srv", true, kNow);
  cache.freeze();
  EXPECT_FALSE(finds(cache, "/srv", kNow));
  cache.insert("/cig", "/cig", true, kNow);
  EXPECT_EQ(cache.size(), 53);
  cache.clear();
  cache.insert("/cig", "/cig", true, kNow);
  EXPECT_THAT(cache.list(), IsEmpty());
  EXPECT_EQ(cache.size(), 0);
}

// The index beside the chains grows with the cache and forgets what leaves it.
TEST(RealpathCache, ManyEntriesAreFoundRemovedAndReclaimed) {
  RealpathCache cache({.size_limit = 1 << 30, .ttl = 10});
  const auto path = [](int i) { return "/many/" + std::to_string(i); };
  constexpr int kMany = 20'000;
  for (int i = 0; i < kMany; ++i) cache.insert(path(i), "/real/" + std::to_string(i), i % 2 == 0, 100 + i % 2);
  RealpathCache::Hit hit;
  for (int i = 0; i < kMany; ++i) {
    ASSERT_TRUE(cache.find(path(i), 105, hit));
    ASSERT_EQ(hit.real_path, "/real/" + std::to_string(i));
    ASSERT_EQ(hit.is_dir, i % 2 == 0);
  }
  for (int i = 0; i < kMany; i += 4) cache.remove(path(i));
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(cache.find(path(i), 105, hit), i % 4 != 0) << i;
  // In second 111 the even ones have expired; a look for each walks its chain.
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(cache.find(path(i), 111, hit), i % 2 == 1) << i;
  for (int i = 0; i < kMany; ++i) ASSERT_FALSE(cache.find(path(i), 112, hit));
  EXPECT_EQ(cache.size(), 0);
  EXPECT_TRUE(cache.list().empty());
}

TEST(RealpathCache, ALongChainIsFreedWithoutRecursion) {
  RealpathCache cache({INT64_MAX, 0});
  for (int i = 0; i < 400'000; ++i) cache.insert("/srv", "/srv", true, kNow);  // all in one chain
  EXPECT_EQ(cache.size(), 400'000 * 53);
  cache.clear();
  EXPECT_EQ(cache.size(), 0);
}

}  // namespace
}  // namespace assay::reference
