#include "reference/realpath_cache/resolver.h"

#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "reference/tests/realpath_cache/rooted_file_system.h"

namespace assay::reference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr auto kStrict = ResolutionMode::strict;
constexpr auto kLenient = ResolutionMode::lenient;

class ResolverTest : public ::testing::Test {
 protected:
  void configure(const RealpathCache::Settings& settings) {
    cache_ = std::make_unique<RealpathCache>(settings);
    resolver_ = std::make_unique<PathResolver>(files_, *cache_, [this] {
      ++clock_readings_;
      return now_;
    });
  }

  // The result, or the errno in words that no path can be.
  std::string resolve(std::string_view path, ResolutionMode mode = kStrict) {
    files_.calls.clear();
    auto result = resolver_->resolve(path, mode);
    return result ? *result : "error " + std::to_string(result.error().number);
  }

  std::map<std::string, std::string> entries() const {
    std::map<std::string, std::string> entries;
    for (const auto& entry : cache_->list()) entries[entry.raw_path] = entry.real_path + (entry.is_dir ? "/" : "");
    return entries;
  }

  void SetUp() override { configure({}); }

  RootedFileSystem files_;
  std::int64_t now_ = 1'000'000;
  int clock_readings_ = 0;
  std::unique_ptr<RealpathCache> cache_;
  std::unique_ptr<PathResolver> resolver_;
};

const std::string kNotFound = "error " + std::to_string(ENOENT);
const std::string kNotDirectory = "error " + std::to_string(ENOTDIR);
const std::string kTooManyLinks = "error " + std::to_string(ELOOP);
const std::string kTooLong = "error " + std::to_string(ENAMETOOLONG);

TEST_F(ResolverTest, RP_ENT_01_OneEntryPerPrefixAndNoneForTheRoot) {
  files_.file("/a/b/c/d/e");
  EXPECT_EQ(resolve("/a/b/c/d/e"), "/a/b/c/d/e");
  EXPECT_EQ(entries().size(), 5u);
  cache_->clear();
  clock_readings_ = 0;
  EXPECT_EQ(resolve("/"), "/");
  EXPECT_THAT(entries(), IsEmpty());
  EXPECT_EQ(clock_readings_, 0);
}

TEST_F(ResolverTest, RP_ENT_02_ReferenceCase) {
  files_.file("/srv/app/releases/r1/index.php");
  files_.symbolic_link("releases/r1", "/srv/app/current");
  EXPECT_EQ(resolve("/srv/app/current/index.php"), "/srv/app/releases/r1/index.php");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/srv", "/srv/"), Pair("/srv/app", "/srv/app/"),
                                              Pair("/srv/app/releases", "/srv/app/releases/"),
                                              Pair("/srv/app/releases/r1", "/srv/app/releases/r1/"),
                                              Pair("/srv/app/current", "/srv/app/releases/r1/"),
                                              Pair("/srv/app/current/index.php", "/srv/app/releases/r1/index.php")));
  EXPECT_EQ(cache_->size(), 437) << "RP-SIZE-01";
}

TEST_F(ResolverTest, RP_ENT_02_RelativeContentIsJoinedToTheRawParent) {
  files_.directory("/p/r1");
  files_.symbolic_link("r1", "/p/cur");
  files_.symbolic_link("../r1", "/p/r1/w");
  resolve("/p//cur");
  EXPECT_EQ(entries().count("/p//r1"), 1u);
  resolve("/p/r1/w");
  EXPECT_EQ(entries().count("/p/r1/../r1"), 1u);
}

TEST_F(ResolverTest, RP_ENT_03_EachLinkOfAChainMapsToTheFinalTarget) {
  files_.file("/a/b/c/d/file");
  files_.symbolic_link("file", "/a/b/c/d/k1");
  files_.symbolic_link("k1", "/a/b/c/d/k2");
  files_.symbolic_link("k2", "/a/b/c/d/k3");
  resolve("/a/b/c/d/k3");
  const auto found = entries();
  EXPECT_EQ(found.size(), 8u);
  for (const char* link : {"/a/b/c/d/k1", "/a/b/c/d/k2", "/a/b/c/d/k3", "/a/b/c/d/file"})
    EXPECT_EQ(found.at(link), "/a/b/c/d/file");
}

TEST_F(ResolverTest, RP_ENT_04_KeysAreRawPaths) {
  files_.file("/p/releases/r1/index.php");
  EXPECT_EQ(resolve("/p/releases/../releases/./r1//index.php"), "/p/releases/r1/index.php");
  EXPECT_THAT(entries(),
              UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/releases", "/p/releases/"),
                                   Pair("/p/releases/../releases", "/p/releases/"),
                                   Pair("/p/releases/../releases/./r1", "/p/releases/r1/"),
                                   Pair("/p/releases/../releases/./r1//index.php", "/p/releases/r1/index.php")));
  cache_->clear();
  EXPECT_EQ(resolve("//p//"), "/p");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("//p", "/p/")));
}

TEST_F(ResolverTest, RP_ENT_05_AStrictMissIsOneProbeAndNoEntry) {
  files_.directory("/p");
  EXPECT_EQ(resolve("/p/missing"), kNotFound);
  EXPECT_THAT(files_.calls, ElementsAre("lstat /p/missing"));
  EXPECT_THAT(entries(), IsEmpty());
  files_.file("/p/missing");
  EXPECT_EQ(resolve("/p/missing"), "/p/missing");
}

TEST_F(ResolverTest, RP_ENT_06_LenientCachesTheExistingPrefixes) {
  files_.directory("/p/q");
  EXPECT_EQ(resolve("/p/q/none/x", kLenient), "/p/q/none/x");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/q", "/p/q/")));
}

TEST_F(ResolverTest, RP_ENT_07_ADanglingLinkBecomesAPositiveEntry) {
  files_.symbolic_link("nowhere", "/p/l");
  EXPECT_EQ(resolve("/p/l"), kNotFound);
  EXPECT_EQ(resolve("/p/l", kLenient), "/p/nowhere");
  EXPECT_EQ(resolve("/p/l"), "/p/nowhere");
  EXPECT_EQ(entries().at("/p/l"), "/p/nowhere");
}

TEST_F(ResolverTest, RP_ENT_09_TheCachedTypeDecides) {
  files_.file("/p/f");
  files_.directory("/p/d");
  resolve("/p/f");
  resolve("/p/d");
  files_.remove_all("/p/f");
  files_.remove_all("/p/d");
  files_.file("/p/f/child");
  files_.file("/p/d");
  EXPECT_EQ(resolve("/p/f/"), kNotDirectory);
  EXPECT_EQ(resolve("/p/f/child"), kNotDirectory);
  EXPECT_EQ(resolve("/p/f/child", kLenient), kNotDirectory);
  EXPECT_EQ(resolve("/p/d/"), "/p/d");
  cache_->clear();
  EXPECT_EQ(resolve("/p/d/"), kNotDirectory);
}

TEST_F(ResolverTest, RP_ENT_12_DirectoriesNearTheRootAreAdmittedFirst) {
  files_.file("/aaa/bbb/ccc");
  configure({53 + 57, 120});
  EXPECT_EQ(resolve("/aaa/bbb/ccc"), "/aaa/bbb/ccc");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/aaa", "/aaa/"), Pair("/aaa/bbb", "/aaa/bbb/")));
}

TEST_F(ResolverTest, RP_ENT_13_AFailedResolutionAddsNothingButReclaims) {
  files_.directory("/srv");
  files_.file("/file");
  configure({4096, 1});
  resolve("/srv");
  now_ += 10;
  EXPECT_EQ(resolve("/cig"), kNotFound) << "shares a chain with /srv";
  EXPECT_EQ(cache_->size(), 0);
  EXPECT_EQ(resolve("/file/x", kLenient), kNotDirectory);
  EXPECT_EQ(cache_->size(), 0);
}

TEST_F(ResolverTest, RP_ENT_14_ADanglingLinkNeededAsADirectory) {
  files_.symbolic_link("target", "/p/l");
  EXPECT_EQ(resolve("/p/l/x", kLenient), "/p/target/x");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/l", "/p/target")));
  files_.file("/p/target/x");
  EXPECT_EQ(resolve("/p/l/x", kLenient), kNotDirectory);
  EXPECT_EQ(resolve("/p/l/x"), kNotDirectory);
  EXPECT_EQ(resolve("/p/l"), "/p/target");
}

TEST_F(ResolverTest, RP_TTL_01_OneClockReadingPerResolution) {
  files_.file("/srv/app/releases/r1/index.php");
  files_.symbolic_link("releases/r1", "/srv/app/current");
  resolve("/srv/app/current/index.php");
  EXPECT_EQ(clock_readings_, 1);
  for (const auto& entry : cache_->list()) EXPECT_EQ(entry.expires, now_ + 120);
}

TEST_F(ResolverTest, RP_SIZE_05_WithoutACacheEachResolutionProbes) {
  files_.file("/a/b");
  configure({0, 120});
  EXPECT_EQ(resolve("/a/b"), "/a/b");
  EXPECT_EQ(resolve("/a/b"), "/a/b");
  EXPECT_THAT(files_.calls, ElementsAre("lstat /a/b", "lstat /a"));
  EXPECT_EQ(clock_readings_, 0);
}

TEST_F(ResolverTest, RP_PATH_01_RelativePaths) {
  files_.file("/w/d/f");
  files_.current = "/w/d";
  EXPECT_EQ(resolve("f"), "/w/d/f");
  EXPECT_EQ(entries().count("/w/d/f"), 1u);
  EXPECT_EQ(resolve(""), "/w/d");
  EXPECT_EQ(resolve("."), "/w/d");
  EXPECT_EQ(resolve("./f"), "/w/d/f");
  EXPECT_EQ(entries().count("/w/d/./f"), 1u) << "RP-USE-03";
  files_.current = "/";
  cache_->clear();
  EXPECT_EQ(resolve("w"), "/w");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/w", "/w/")));
}

TEST_F(ResolverTest, RP_PATH_02_DotDotIsPhysical) {
  files_.directory("/p/releases/r1");
  files_.file("/p/file");
  files_.symbolic_link("releases/r1", "/p/current");
  EXPECT_EQ(resolve("/p/current/.."), "/p/releases");
  EXPECT_EQ(entries().count("/p/current"), 1u);
  EXPECT_EQ(entries().count("/p/current/.."), 0u);
  EXPECT_EQ(resolve("/.."), "/");
  EXPECT_EQ(resolve("/p/file/../current"), kNotDirectory);
  EXPECT_EQ(resolve("/p/file/../current", kLenient), kNotDirectory);
}

TEST_F(ResolverTest, RP_PATH_03_ATrailingSlashDemandsADirectory) {
  files_.file("/p/file");
  files_.directory("/p/dir");
  files_.symbolic_link("file", "/p/link");
  for (const char* path : {"/p/file/", "/p/file/.", "/p/file//./", "/p/link/"}) EXPECT_EQ(resolve(path), kNotDirectory);
  EXPECT_THAT(entries(), IsEmpty());
  EXPECT_EQ(resolve("/p/dir/"), "/p/dir");
  EXPECT_EQ(entries().count("/p/dir"), 1u);
}

TEST_F(ResolverTest, RP_PATH_03_LenientKeepsTheSlashForTheKernel) {
  files_.directory("/p");
  EXPECT_EQ(resolve("/p/missing/", kLenient), "/p/missing/");
  EXPECT_EQ(resolve("/p/missing/.", kLenient), "/p/missing");
  EXPECT_EQ(resolve("/", kLenient), "/");
}

TEST_F(ResolverTest, RP_PATH_04_ThirtyTwoUncachedLinks) {
  files_.file("/p/l0");
  for (int i = 1; i <= 45; ++i) files_.symbolic_link("l" + std::to_string(i - 1), "/p/l" + std::to_string(i));
  EXPECT_EQ(resolve("/p/l33"), kTooManyLinks);
  EXPECT_THAT(entries(), IsEmpty());
  EXPECT_EQ(resolve("/p/l32"), "/p/l0");
  EXPECT_EQ(resolve("/p/l45"), "/p/l0") << "cached links do not count";
}

TEST_F(ResolverTest, RP_PATH_04_DirectoryAndFileLinksAreCountedTogether) {
  files_.file("/p/d0/l0");
  for (int i = 1; i <= 21; ++i) files_.symbolic_link("l" + std::to_string(i - 1), "/p/d0/l" + std::to_string(i));
  for (int i = 1; i <= 12; ++i) files_.symbolic_link("d" + std::to_string(i - 1), "/p/d" + std::to_string(i));
  EXPECT_EQ(resolve("/p/d12/l21"), kTooManyLinks);
  EXPECT_EQ(resolve("/p/d11/l21"), "/p/d0/l0");
}

TEST_F(ResolverTest, RP_PATH_05_Loops) {
  files_.symbolic_link("b", "/p/a");
  files_.symbolic_link("a", "/p/b");
  EXPECT_EQ(resolve("/p/a"), kTooManyLinks);
  EXPECT_EQ(resolve("/p/a", kLenient), kTooManyLinks);
  EXPECT_EQ(cache_->size(), 0);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfTheRawPath) {
  files_.directory("/p");
  EXPECT_EQ(resolve("/p" + std::string(4092, '/')), "/p");
  EXPECT_EQ(resolve("/p" + std::string(4093, '/')), kTooLong);
  files_.current = "/p";
  EXPECT_EQ(resolve("." + std::string(4090, '/')), "/p");
  EXPECT_EQ(resolve("." + std::string(4091, '/')), kTooLong);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfJoinedLinkText) {
  files_.directory("/p/d");
  files_.symbolic_link("d" + std::string(4090, '/'), "/p/fits");
  files_.symbolic_link("d" + std::string(4091, '/'), "/p/exceeds");
  EXPECT_EQ(resolve("/p/fits"), "/p/d");
  EXPECT_EQ(resolve("/p/exceeds"), kTooLong);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfTheResultLeavesEntries) {
  files_.directory("/p");
  const std::string first = "/" + std::string(250, 'a');
  std::string path = "/p";
  for (int i = 0; i < 16; ++i) path += first;
  ASSERT_EQ(path.size(), 4018u);
  const std::string name(255, 'b');
  EXPECT_EQ(resolve("/p/missing/../" + std::string(4000, 'c'), kLenient), "/p/" + std::string(4000, 'c'));
  cache_->clear();
  // A cached real path near the limit stands for a link into a deep tree.
  cache_->insert("/deep", path, true, now_);
  files_.file("/deep/x/" + name);
  EXPECT_EQ(resolve("/deep/x/" + name), kTooLong);
  EXPECT_EQ(entries().count("/deep/x"), 1u);
  EXPECT_EQ(entries().size(), 2u);
}

TEST_F(ResolverTest, RP_PATH_08_ProbesFromRightToLeft) {
  files_.file("/srv/app/releases/r1/index.php");
  files_.symbolic_link("releases/r1", "/srv/app/current");
  resolve("/srv/app/current/index.php");
  EXPECT_THAT(files_.calls,
              ElementsAre("lstat /srv/app/current/index.php", "lstat /srv/app/current", "readlink /srv/app/current",
                          "lstat /srv/app/releases/r1", "lstat /srv/app/releases", "lstat /srv/app", "lstat /srv"));
}

TEST_F(ResolverTest, RP_PATH_09_CostOfAHit) {
  files_.file("/p/q/one");
  files_.file("/p/q/two");
  resolve("/p/q/one");
  resolve("/p/q/two");
  EXPECT_THAT(files_.calls, ElementsAre("lstat /p/q/two"));
  resolve("/p/q/two");
  EXPECT_THAT(files_.calls, IsEmpty());
}

TEST_F(ResolverTest, RP_PATH_10_MixedAnswerUnderAStaleLink) {
  files_.file("/p/old/old-only");
  files_.file("/p/new/new-only");
  files_.symbolic_link("old", "/p/cur");
  resolve("/p/cur");
  files_.remove_all("/p/cur");
  files_.symbolic_link("new", "/p/cur");
  EXPECT_EQ(resolve("/p/cur/new-only"), "/p/old/new-only");
  EXPECT_EQ(resolve("/p/cur/old-only"), kNotFound);
  EXPECT_EQ(resolve("/p/cur/old-only", kLenient), "/p/old/old-only");
}

TEST_F(ResolverTest, RP_PATH_12_LenientDropsAMissingDirectoryBeforeDotDot) {
  files_.file("/p/x");
  EXPECT_EQ(resolve("/p/missing/../x"), kNotFound);
  EXPECT_EQ(resolve("/p/missing/../x", kLenient), "/p/x");
  EXPECT_THAT(entries(), UnorderedElementsAre(Pair("/p", "/p/")));
  cache_->clear();
  EXPECT_EQ(resolve("/p/x/y", kLenient), kNotDirectory);
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(ResolverTest, RP_PATH_13_RemovedWorkingDirectory) {
  files_.directory("/p");
  files_.current.clear();
  EXPECT_EQ(resolve("x"), kNotFound);
  EXPECT_EQ(resolve("x", kLenient), kNotFound);
  EXPECT_EQ(resolve(""), kNotFound);
  EXPECT_EQ(resolve("."), ".");
  EXPECT_EQ(resolve(".."), "..");
  EXPECT_EQ(resolve("./"), ".");
  EXPECT_EQ(resolve("../.."), "../..");
  EXPECT_EQ(resolve("./x", kLenient), kNotFound);
  EXPECT_THAT(entries(), IsEmpty());
  EXPECT_EQ(resolve("/p"), "/p");
}

TEST_F(ResolverTest, RP_PATH_04_TheLongestPathAndItsLinksNeedNoDeepStack) {
  files_.directory("/p");
  std::string path = "/p";
  while (path.size() + 5 <= PathResolver::kMaximumLength) path += "/m/..";
  EXPECT_EQ(resolve(path, kLenient), "/p");
}

}  // namespace
}  // namespace assay::reference
