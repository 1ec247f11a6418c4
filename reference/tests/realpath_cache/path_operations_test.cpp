#include "reference/realpath_cache/path_operations.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reference/tests/realpath_cache/rooted_file_system.h"

namespace assay::reference {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kNul("a\0b", 3);

// Works in a real temporary folder; entries of the folder's own prefixes are left out of what the tests look at.
class PathOperationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteFile(At("d/file"), "content");
    MakeLink("d", At("link"));
    ASSERT_TRUE(operations_.ChDir(folder_.path()));
  }

  std::string At(const std::string& name) const { return folder_ / name; }

  // The keys below the folder, relative to it, sorted.
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    const std::string prefix = folder_.path() + "/";
    for (const auto& entry : operations_.RealpathCacheGet()) {
      if (entry.raw_path.rfind(prefix, 0) == 0) keys.push_back(entry.raw_path.substr(prefix.size()));
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  void Warm() { ASSERT_TRUE(operations_.RealPath(At("d/file"))); }

  TemporaryFolder folder_;
  SystemFileSystem files_{SystemFileSystem::WorkingDirectoryOwner::kObject};
  RealpathCache cache_{{}};
  PathOperations operations_{files_, cache_, [] { return std::int64_t{1'000'000}; }};
};

template <typename T>
bool IsValueError(const OperationResult<T>& result) {
  return !result && result.error().kind == OperationError::Kind::kValueError;
}

TEST_F(PathOperationsTest, RP_CLR_01_To_03_ClearStatCache) {
  Warm();
  EXPECT_TRUE(operations_.ClearStatCache(false));
  EXPECT_TRUE(operations_.ClearStatCache(false, At("d")));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
  for (const std::string& other : {std::string("d"), At("d/"), At("./d"), std::string()})
    EXPECT_TRUE(operations_.ClearStatCache(true, other));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations_.ClearStatCache(true, At("d")));
  EXPECT_THAT(Keys(), ElementsAre("d/file"));
  EXPECT_TRUE(operations_.ClearStatCache(true));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
}

TEST_F(PathOperationsTest, RP_CLR_04_ClearingTheLinkLeavesTheChildrenStale) {
  WriteFile(At("e/file"));
  operations_.RealPath(At("link/file"));
  ASSERT_EQ(unlink(At("link").c_str()), 0);
  MakeLink("e", At("link"));
  operations_.ClearStatCache(true, At("link"));
  EXPECT_EQ(operations_.RealPath(At("link")).value(), At("e"));
  EXPECT_EQ(operations_.RealPath(At("link/file")).value(), At("d/file"));
}

TEST_F(PathOperationsTest, RP_CLR_05_RemovingAndRenamingEmptyTheCacheOnSuccess) {
  WriteFile(At("other"));
  Warm();
  EXPECT_FALSE(operations_.Unlink("none"));
  EXPECT_FALSE(operations_.RmDir("d"));
  EXPECT_FALSE(operations_.Rename("none", "some"));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations_.Rename("other", "another"));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
  Warm();
  EXPECT_TRUE(operations_.Unlink("another"));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
  Warm();
  EXPECT_TRUE(operations_.MkDir("empty"));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file")) << "RP-CLR-07";
  EXPECT_TRUE(operations_.RmDir("empty"));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
}

// Refuses to rename, as between two file systems.
class TwoFileSystems : public SystemFileSystem {
 public:
  SystemResult<void> Rename(const std::string&, const std::string&) override {
    return tl::unexpected<Errno>(Errno{EXDEV});
  }
};

TEST_F(PathOperationsTest, RP_CLR_06_RenameAcrossFileSystemsCopies) {
  TwoFileSystems two;
  PathOperations operations(two, cache_, [] { return std::int64_t{1'000'000}; });
  Warm();
  EXPECT_EQ(operations.Rename(At("d"), At("moved")).error().number, EXDEV);
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations.Rename(At("d/file"), At("moved")));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file")) << "not emptied, and the new name has no entry";
  EXPECT_FALSE(operations.FileExists(At("d/file")));
  EXPECT_EQ(operations.FileGetContents(At("moved"))->bytes, "content");
}

TEST_F(PathOperationsTest, RP_CLR_07_OperationsThatNeverClear) {
  Warm();
  EXPECT_TRUE(operations_.Touch("new"));
  EXPECT_TRUE(operations_.ChMod("new", 0600));
  EXPECT_TRUE(operations_.MkDir("x/../y/./z//w", 0777, true));
  EXPECT_FALSE(operations_.FileExists("x")) << "the text is made plain first";
  EXPECT_TRUE(operations_.IsDir("y/z/w"));
  EXPECT_TRUE(operations_.ChDir("y"));
  EXPECT_EQ(operations_.GetCwd().value(), At("y"));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
}

TEST_F(PathOperationsTest, RP_CLR_08_ASwapByTheWorkerItselfIsSeen) {
  WriteFile(At("e/file"));
  operations_.RealPath("link/file");
  ASSERT_TRUE(operations_.SymLink("e", "link.new"));
  ASSERT_TRUE(operations_.Rename("link.new", "link"));
  EXPECT_EQ(operations_.RealPath("link/file").value(), At("e/file"));
}

TEST_F(PathOperationsTest, RP_ENT_08_TheEntryOfARemovedFileStays) {
  Warm();
  ASSERT_EQ(unlink(At("d/file").c_str()), 0);
  EXPECT_EQ(operations_.RealPath("d/file").value(), At("d/file"));
  EXPECT_FALSE(operations_.FileExists("d/file"));
  EXPECT_EQ(operations_.FileGetContents("d/file").error().number, ENOENT);
}

TEST_F(PathOperationsTest, RP_PATH_02_AtTheRootDotDotStays) {
  EXPECT_EQ(operations_.RealPath("/../.." + At("d")).value(), At("d"));
}

TEST_F(PathOperationsTest, RP_PATH_07_NulBytes) {
  EXPECT_TRUE(IsValueError(operations_.RealPath(kNul)));
  EXPECT_TRUE(IsValueError(operations_.FileGetContents(kNul)));
  EXPECT_TRUE(IsValueError(operations_.ClearStatCache(true, kNul)));
  EXPECT_TRUE(IsValueError(operations_.Unlink(kNul)));
  EXPECT_TRUE(IsValueError(operations_.Rename("x", kNul)));
  const auto include = operations_.ResolveInclude(kNul, {});
  EXPECT_TRUE(!include && !IsValueError(include));
  EXPECT_FALSE(operations_.FileExists(kNul));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
}

TEST_F(PathOperationsTest, RP_PATH_01_EmptyPaths) {
  EXPECT_EQ(operations_.RealPath("").value(), folder_.path());
  EXPECT_TRUE(IsValueError(operations_.FileGetContents("")));
  EXPECT_TRUE(IsValueError(operations_.FilePutContents("", "x")));
  EXPECT_TRUE(IsValueError(operations_.ScanDir("")));
}

TEST_F(PathOperationsTest, RP_USE_01_StreamsFillTheCache) {
  EXPECT_EQ(operations_.FileGetContents("link/file")->bytes, "content");
  EXPECT_THAT(Keys(), ElementsAre("d", "link", "link/file"));
  cache_.Clear();
  EXPECT_EQ(operations_.FilePutContents("d/new", "four").value(), 4);
  EXPECT_THAT(Keys(), ElementsAre("d")) << "RP-ENT-06: the file that it creates is not added";
  EXPECT_EQ(operations_.FilePutContents("d/new", "+", true).value(), 1);
  EXPECT_EQ(operations_.FileGetContents("d/new")->bytes, "four+");
  cache_.Clear();
  EXPECT_TRUE(operations_.OpenFile("file://" + At("d/file"), O_RDONLY));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file")) << "keyed without the scheme";
  EXPECT_FALSE(operations_.RealPath("file://" + At("d/file")));
}

TEST_F(PathOperationsTest, RP_USE_01_ReadingADirectory) {
  const auto contents = operations_.FileGetContents("d");
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->bytes, "");
  EXPECT_EQ(contents->read_error, EISDIR);
  EXPECT_FALSE(operations_.ReadIncluded(At("d")));
}

TEST_F(PathOperationsTest, RP_USE_02_TheStatFamilyBypassesTheCache) {
  EXPECT_TRUE(operations_.FileExists("link/file") && operations_.IsFile("d/file") && operations_.IsDir("link") &&
              operations_.IsLink("link") && operations_.IsReadable("d/file") && operations_.IsWritable("d/file"));
  EXPECT_FALSE(operations_.IsExecutable("d/file"));
  EXPECT_FALSE(operations_.IsLink("d"));
  EXPECT_EQ(operations_.FileSize("d/file").value(), 7);
  EXPECT_EQ(operations_.FileInode("link/file").value(), operations_.FileInode("d/file").value());
  EXPECT_TRUE(operations_.Touch("d/file", FileTimes{{1, 0}, {12345, 0}}));
  EXPECT_EQ(operations_.FileMTime("d/file").value(), 12345);
  EXPECT_EQ(operations_.ReadLink("link").value(), "d");
  EXPECT_THAT(*operations_.ScanDir("d"), ElementsAre(".", "..", "file"));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
}

TEST_F(PathOperationsTest, RP_USE_08_Symlink) {
  ASSERT_TRUE(operations_.SymLink("file", "d/soft"));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file")) << "the target joined to the link's parent; the link has no entry";
  EXPECT_FALSE(operations_.SymLink("file", "d/slash/"));
}

TEST_F(PathOperationsTest, RP_USE_08_LinkResolvesTheNewNameFirst) {
  EXPECT_FALSE(operations_.Link("d/file", "d/file/impossible"));
  EXPECT_THAT(Keys(), IsEmpty());
  ASSERT_TRUE(operations_.Link("d/file", "hard"));
  EXPECT_THAT(Keys(), ElementsAre("d", "d/file"));
}

TEST_F(PathOperationsTest, RP_USE_08_Copy) {
  EXPECT_FALSE(operations_.Copy("d", "elsewhere"));
  EXPECT_FALSE(operations_.Copy("d/file", "link"));
  EXPECT_FALSE(operations_.Copy("d/file", "link/file"));
  EXPECT_EQ(operations_.RealpathCacheSize(), 0);
  EXPECT_FALSE(operations_.Copy("d/none", "link/none"));
  EXPECT_THAT(Keys(), ElementsAre("d")) << "a source that cannot be opened: the destination is not resolved";
  EXPECT_TRUE(operations_.Copy("d/file", "copy"));
  EXPECT_EQ(operations_.FileGetContents("copy")->bytes, "content");
}

TEST_F(PathOperationsTest, RP_USE_08_TempNam) {
  const auto path = operations_.TempNam("link", "some/pre");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->rfind(At("d/pre"), 0), 0u);
  EXPECT_TRUE(operations_.IsFile(*path));
  EXPECT_THAT(Keys(), ElementsAre("d", "link"));
  PathOperations::Settings settings;
  settings.temporary_directory = At("d");
  PathOperations elsewhere(
      files_, cache_, [] { return std::int64_t{1'000'000}; }, settings);
  EXPECT_EQ(elsewhere.TempNam("none", "x")->rfind(At("d/x"), 0), 0u);
}

TEST_F(PathOperationsTest, RP_PATH_03_WritingToANameWithASlashIsLeftToTheKernel) {
  EXPECT_FALSE(operations_.FilePutContents("d/new/", "x"));
  EXPECT_FALSE(operations_.FileExists("d/new"));
}

}  // namespace
}  // namespace assay::reference
