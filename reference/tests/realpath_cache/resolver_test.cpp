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

constexpr auto kStrict = ResolutionMode::kStrict;
constexpr auto kLenient = ResolutionMode::kLenient;

class ResolverTest : public ::testing::Test {
 protected:
  void Configure(const RealpathCache::Settings& settings) {
    cache_ = std::make_unique<RealpathCache>(settings);
    resolver_ = std::make_unique<PathResolver>(files_, *cache_, [this] {
      ++clock_readings_;
      return now_;
    });
  }

  // The result, or the errno in words that no path can be.
  std::string Resolve(std::string_view path, ResolutionMode mode = kStrict) {
    files_.calls.clear();
    auto result = resolver_->Resolve(path, mode);
    return result ? *result : "error " + std::to_string(result.error().number);
  }

  std::map<std::string, std::string> Entries() const {
    std::map<std::string, std::string> entries;
    for (const auto& entry : cache_->List()) entries[entry.raw_path] = entry.real_path + (entry.is_dir ? "/" : "");
    return entries;
  }

  void SetUp() override { Configure({}); }

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
  files_.File("/a/b/c/d/e");
  EXPECT_EQ(Resolve("/a/b/c/d/e"), "/a/b/c/d/e");
  EXPECT_EQ(Entries().size(), 5u);
  cache_->Clear();
  clock_readings_ = 0;
  EXPECT_EQ(Resolve("/"), "/");
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_EQ(clock_readings_, 0);
}

TEST_F(ResolverTest, RP_ENT_02_ReferenceCase) {
  files_.File("/srv/app/releases/r1/index.php");
  files_.SymbolicLink("releases/r1", "/srv/app/current");
  EXPECT_EQ(Resolve("/srv/app/current/index.php"), "/srv/app/releases/r1/index.php");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/srv", "/srv/"), Pair("/srv/app", "/srv/app/"),
                                              Pair("/srv/app/releases", "/srv/app/releases/"),
                                              Pair("/srv/app/releases/r1", "/srv/app/releases/r1/"),
                                              Pair("/srv/app/current", "/srv/app/releases/r1/"),
                                              Pair("/srv/app/current/index.php", "/srv/app/releases/r1/index.php")));
  EXPECT_EQ(cache_->size(), 437) << "RP-SIZE-01";
}

TEST_F(ResolverTest, RP_ENT_02_RelativeContentIsJoinedToTheRawParent) {
  files_.Directory("/p/r1");
  files_.SymbolicLink("r1", "/p/cur");
  files_.SymbolicLink("../r1", "/p/r1/w");
  Resolve("/p//cur");
  EXPECT_EQ(Entries().count("/p//r1"), 1u);
  Resolve("/p/r1/w");
  EXPECT_EQ(Entries().count("/p/r1/../r1"), 1u);
}

TEST_F(ResolverTest, RP_ENT_03_EachLinkOfAChainMapsToTheFinalTarget) {
  files_.File("/a/b/c/d/file");
  files_.SymbolicLink("file", "/a/b/c/d/k1");
  files_.SymbolicLink("k1", "/a/b/c/d/k2");
  files_.SymbolicLink("k2", "/a/b/c/d/k3");
  Resolve("/a/b/c/d/k3");
  const auto entries = Entries();
  EXPECT_EQ(entries.size(), 8u);
  for (const char* link : {"/a/b/c/d/k1", "/a/b/c/d/k2", "/a/b/c/d/k3", "/a/b/c/d/file"})
    EXPECT_EQ(entries.at(link), "/a/b/c/d/file");
}

TEST_F(ResolverTest, RP_ENT_04_KeysAreRawPaths) {
  files_.File("/p/releases/r1/index.php");
  EXPECT_EQ(Resolve("/p/releases/../releases/./r1//index.php"), "/p/releases/r1/index.php");
  EXPECT_THAT(Entries(),
              UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/releases", "/p/releases/"),
                                   Pair("/p/releases/../releases", "/p/releases/"),
                                   Pair("/p/releases/../releases/./r1", "/p/releases/r1/"),
                                   Pair("/p/releases/../releases/./r1//index.php", "/p/releases/r1/index.php")));
  cache_->Clear();
  EXPECT_EQ(Resolve("//p//"), "/p");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("//p", "/p/")));
}

TEST_F(ResolverTest, RP_ENT_05_AStrictMissIsOneProbeAndNoEntry) {
  files_.Directory("/p");
  EXPECT_EQ(Resolve("/p/missing"), kNotFound);
  EXPECT_THAT(files_.calls, ElementsAre("lstat /p/missing"));
  EXPECT_THAT(Entries(), IsEmpty());
  files_.File("/p/missing");
  EXPECT_EQ(Resolve("/p/missing"), "/p/missing");
}

TEST_F(ResolverTest, RP_ENT_06_LenientCachesTheExistingPrefixes) {
  files_.Directory("/p/q");
  EXPECT_EQ(Resolve("/p/q/none/x", kLenient), "/p/q/none/x");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/q", "/p/q/")));
}

TEST_F(ResolverTest, RP_ENT_07_ADanglingLinkBecomesAPositiveEntry) {
  files_.SymbolicLink("nowhere", "/p/l");
  EXPECT_EQ(Resolve("/p/l"), kNotFound);
  EXPECT_EQ(Resolve("/p/l", kLenient), "/p/nowhere");
  EXPECT_EQ(Resolve("/p/l"), "/p/nowhere");
  EXPECT_EQ(Entries().at("/p/l"), "/p/nowhere");
}

TEST_F(ResolverTest, RP_ENT_09_TheCachedTypeDecides) {
  files_.File("/p/f");
  files_.Directory("/p/d");
  Resolve("/p/f");
  Resolve("/p/d");
  files_.RemoveAll("/p/f");
  files_.RemoveAll("/p/d");
  files_.File("/p/f/child");
  files_.File("/p/d");
  EXPECT_EQ(Resolve("/p/f/"), kNotDirectory);
  EXPECT_EQ(Resolve("/p/f/child"), kNotDirectory);
  EXPECT_EQ(Resolve("/p/f/child", kLenient), kNotDirectory);
  EXPECT_EQ(Resolve("/p/d/"), "/p/d");
  cache_->Clear();
  EXPECT_EQ(Resolve("/p/d/"), kNotDirectory);
}

TEST_F(ResolverTest, RP_ENT_12_DirectoriesNearTheRootAreAdmittedFirst) {
  files_.File("/aaa/bbb/ccc");
  Configure({53 + 57, 120});
  EXPECT_EQ(Resolve("/aaa/bbb/ccc"), "/aaa/bbb/ccc");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/aaa", "/aaa/"), Pair("/aaa/bbb", "/aaa/bbb/")));
}

TEST_F(ResolverTest, RP_ENT_13_AFailedResolutionAddsNothingButReclaims) {
  files_.Directory("/srv");
  files_.File("/file");
  Configure({4096, 1});
  Resolve("/srv");
  now_ += 10;
  EXPECT_EQ(Resolve("/cig"), kNotFound) << "shares a chain with /srv";
  EXPECT_EQ(cache_->size(), 0);
  EXPECT_EQ(Resolve("/file/x", kLenient), kNotDirectory);
  EXPECT_EQ(cache_->size(), 0);
}

TEST_F(ResolverTest, RP_ENT_14_ADanglingLinkNeededAsADirectory) {
  files_.SymbolicLink("target", "/p/l");
  EXPECT_EQ(Resolve("/p/l/x", kLenient), "/p/target/x");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/p", "/p/"), Pair("/p/l", "/p/target")));
  files_.File("/p/target/x");
  EXPECT_EQ(Resolve("/p/l/x", kLenient), kNotDirectory);
  EXPECT_EQ(Resolve("/p/l/x"), kNotDirectory);
  EXPECT_EQ(Resolve("/p/l"), "/p/target");
}

TEST_F(ResolverTest, RP_TTL_01_OneClockReadingPerResolution) {
  files_.File("/srv/app/releases/r1/index.php");
  files_.SymbolicLink("releases/r1", "/srv/app/current");
  Resolve("/srv/app/current/index.php");
  EXPECT_EQ(clock_readings_, 1);
  for (const auto& entry : cache_->List()) EXPECT_EQ(entry.expires, now_ + 120);
}

TEST_F(ResolverTest, RP_SIZE_05_WithoutACacheEachResolutionProbes) {
  files_.File("/a/b");
  Configure({0, 120});
  EXPECT_EQ(Resolve("/a/b"), "/a/b");
  EXPECT_EQ(Resolve("/a/b"), "/a/b");
  EXPECT_THAT(files_.calls, ElementsAre("lstat /a/b", "lstat /a"));
  EXPECT_EQ(clock_readings_, 0);
}

TEST_F(ResolverTest, RP_PATH_01_RelativePaths) {
  files_.File("/w/d/f");
  files_.working_directory = "/w/d";
  EXPECT_EQ(Resolve("f"), "/w/d/f");
  EXPECT_EQ(Entries().count("/w/d/f"), 1u);
  EXPECT_EQ(Resolve(""), "/w/d");
  EXPECT_EQ(Resolve("."), "/w/d");
  EXPECT_EQ(Resolve("./f"), "/w/d/f");
  EXPECT_EQ(Entries().count("/w/d/./f"), 1u) << "RP-USE-03";
  files_.working_directory = "/";
  cache_->Clear();
  EXPECT_EQ(Resolve("w"), "/w");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/w", "/w/")));
}

TEST_F(ResolverTest, RP_PATH_02_DotDotIsPhysical) {
  files_.Directory("/p/releases/r1");
  files_.File("/p/file");
  files_.SymbolicLink("releases/r1", "/p/current");
  EXPECT_EQ(Resolve("/p/current/.."), "/p/releases");
  EXPECT_EQ(Entries().count("/p/current"), 1u);
  EXPECT_EQ(Entries().count("/p/current/.."), 0u);
  EXPECT_EQ(Resolve("/.."), "/");
  EXPECT_EQ(Resolve("/p/file/../current"), kNotDirectory);
  EXPECT_EQ(Resolve("/p/file/../current", kLenient), kNotDirectory);
}

TEST_F(ResolverTest, RP_PATH_03_ATrailingSlashDemandsADirectory) {
  files_.File("/p/file");
  files_.Directory("/p/dir");
  files_.SymbolicLink("file", "/p/link");
  for (const char* path : {"/p/file/", "/p/file/.", "/p/file//./", "/p/link/"}) EXPECT_EQ(Resolve(path), kNotDirectory);
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_EQ(Resolve("/p/dir/"), "/p/dir");
  EXPECT_EQ(Entries().count("/p/dir"), 1u);
}

TEST_F(ResolverTest, RP_PATH_03_LenientKeepsTheSlashForTheKernel) {
  files_.Directory("/p");
  EXPECT_EQ(Resolve("/p/missing/", kLenient), "/p/missing/");
  EXPECT_EQ(Resolve("/p/missing/.", kLenient), "/p/missing");
  EXPECT_EQ(Resolve("/", kLenient), "/");
}

TEST_F(ResolverTest, RP_PATH_04_ThirtyTwoUncachedLinks) {
  files_.File("/p/l0");
  for (int i = 1; i <= 45; ++i) files_.SymbolicLink("l" + std::to_string(i - 1), "/p/l" + std::to_string(i));
  EXPECT_EQ(Resolve("/p/l33"), kTooManyLinks);
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_EQ(Resolve("/p/l32"), "/p/l0");
  EXPECT_EQ(Resolve("/p/l45"), "/p/l0") << "cached links do not count";
}

TEST_F(ResolverTest, RP_PATH_04_DirectoryAndFileLinksAreCountedTogether) {
  files_.File("/p/d0/l0");
  for (int i = 1; i <= 21; ++i) files_.SymbolicLink("l" + std::to_string(i - 1), "/p/d0/l" + std::to_string(i));
  for (int i = 1; i <= 12; ++i) files_.SymbolicLink("d" + std::to_string(i - 1), "/p/d" + std::to_string(i));
  EXPECT_EQ(Resolve("/p/d12/l21"), kTooManyLinks);
  EXPECT_EQ(Resolve("/p/d11/l21"), "/p/d0/l0");
}

TEST_F(ResolverTest, RP_PATH_05_Loops) {
  files_.SymbolicLink("b", "/p/a");
  files_.SymbolicLink("a", "/p/b");
  EXPECT_EQ(Resolve("/p/a"), kTooManyLinks);
  EXPECT_EQ(Resolve("/p/a", kLenient), kTooManyLinks);
  EXPECT_EQ(cache_->size(), 0);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfTheRawPath) {
  files_.Directory("/p");
  EXPECT_EQ(Resolve("/p" + std::string(4092, '/')), "/p");
  EXPECT_EQ(Resolve("/p" + std::string(4093, '/')), kTooLong);
  files_.working_directory = "/p";
  EXPECT_EQ(Resolve("." + std::string(4090, '/')), "/p");
  EXPECT_EQ(Resolve("." + std::string(4091, '/')), kTooLong);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfJoinedLinkText) {
  files_.Directory("/p/d");
  files_.SymbolicLink("d" + std::string(4090, '/'), "/p/fits");
  files_.SymbolicLink("d" + std::string(4091, '/'), "/p/exceeds");
  EXPECT_EQ(Resolve("/p/fits"), "/p/d");
  EXPECT_EQ(Resolve("/p/exceeds"), kTooLong);
}

TEST_F(ResolverTest, RP_PATH_06_LengthOfTheResultLeavesEntries) {
  files_.Directory("/p");
  const std::string first = "/" + std::string(250, 'a');
  std::string path = "/p";
  for (int i = 0; i < 16; ++i) path += first;
  ASSERT_EQ(path.size(), 4018u);
  const std::string name(255, 'b');
  EXPECT_EQ(Resolve("/p/missing/../" + std::string(4000, 'c'), kLenient), "/p/" + std::string(4000, 'c'));
  cache_->Clear();
  // A cached real path near the limit stands for a link into a deep tree.
  cache_->Insert("/deep", path, true, now_);
  files_.File("/deep/x/" + name);
  EXPECT_EQ(Resolve("/deep/x/" + name), kTooLong);
  EXPECT_EQ(Entries().count("/deep/x"), 1u);
  EXPECT_EQ(Entries().size(), 2u);
}

TEST_F(ResolverTest, RP_PATH_08_ProbesFromRightToLeft) {
  files_.File("/srv/app/releases/r1/index.php");
  files_.SymbolicLink("releases/r1", "/srv/app/current");
  Resolve("/srv/app/current/index.php");
  EXPECT_THAT(files_.calls,
              ElementsAre("lstat /srv/app/current/index.php", "lstat /srv/app/current", "readlink /srv/app/current",
                          "lstat /srv/app/releases/r1", "lstat /srv/app/releases", "lstat /srv/app", "lstat /srv"));
}

TEST_F(ResolverTest, RP_PATH_09_CostOfAHit) {
  files_.File("/p/q/one");
  files_.File("/p/q/two");
  Resolve("/p/q/one");
  Resolve("/p/q/two");
  EXPECT_THAT(files_.calls, ElementsAre("lstat /p/q/two"));
  Resolve("/p/q/two");
  EXPECT_THAT(files_.calls, IsEmpty());
}

TEST_F(ResolverTest, RP_PATH_10_MixedAnswerUnderAStaleLink) {
  files_.File("/p/old/old-only");
  files_.File("/p/new/new-only");
  files_.SymbolicLink("old", "/p/cur");
  Resolve("/p/cur");
  files_.RemoveAll("/p/cur");
  files_.SymbolicLink("new", "/p/cur");
  EXPECT_EQ(Resolve("/p/cur/new-only"), "/p/old/new-only");
  EXPECT_EQ(Resolve("/p/cur/old-only"), kNotFound);
  EXPECT_EQ(Resolve("/p/cur/old-only", kLenient), "/p/old/old-only");
}

TEST_F(ResolverTest, RP_PATH_12_LenientDropsAMissingDirectoryBeforeDotDot) {
  files_.File("/p/x");
  EXPECT_EQ(Resolve("/p/missing/../x"), kNotFound);
  EXPECT_EQ(Resolve("/p/missing/../x", kLenient), "/p/x");
  EXPECT_THAT(Entries(), UnorderedElementsAre(Pair("/p", "/p/")));
  cache_->Clear();
  EXPECT_EQ(Resolve("/p/x/y", kLenient), kNotDirectory);
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(ResolverTest, RP_PATH_13_RemovedWorkingDirectory) {
  files_.Directory("/p");
  files_.working_directory.clear();
  EXPECT_EQ(Resolve("x"), kNotFound);
  EXPECT_EQ(Resolve("x", kLenient), kNotFound);
  EXPECT_EQ(Resolve(""), kNotFound);
  EXPECT_EQ(Resolve("."), ".");
  EXPECT_EQ(Resolve(".."), "..");
  EXPECT_EQ(Resolve("./"), ".");
  EXPECT_EQ(Resolve("../.."), "../..");
  EXPECT_EQ(Resolve("./x", kLenient), kNotFound);
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_EQ(Resolve("/p"), "/p");
}

TEST_F(ResolverTest, RP_PATH_04_TheLongestPathAndItsLinksNeedNoDeepStack) {
  files_.Directory("/p");
  std::string path = "/p";
  while (path.size() + 5 <= PathResolver::kMaximumLength) path += "/m/..";
  EXPECT_EQ(Resolve(path, kLenient), "/p");
}

}  // namespace
}  // namespace assay::reference
