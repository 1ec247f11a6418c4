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
    write_file(at("d/file"), "content");
    make_link("d", at("link"));
    ASSERT_TRUE(operations_.chdir(folder_.path()));
  }

  std::string at(const std::string& name) const { return folder_ / name; }

  // The keys below the folder, relative to it, sorted.
  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    const std::string prefix = folder_.path() + "/";
    for (const auto& entry : operations_.realpath_cache_get()) {
      if (entry.raw_path.rfind(prefix, 0) == 0) keys.push_back(entry.raw_path.substr(prefix.size()));
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  void warm() { ASSERT_TRUE(operations_.realpath(at("d/file"))); }

  TemporaryFolder folder_;
  SystemFileSystem files_{SystemFileSystem::WorkingDirectoryOwner::object};
  RealpathCache cache_{{}};
  PathOperations operations_{files_, cache_, [] { return std::int64_t{1'000'000}; }};
};

template <typename T>
bool is_value_error(const OperationResult<T>& result) {
  return !result && result.error().kind == OperationError::Kind::value_error;
}

TEST_F(PathOperationsTest, RP_CLR_01_To_03_ClearStatCache) {
  warm();
  EXPECT_TRUE(operations_.clear_stat_cache(false));
  EXPECT_TRUE(operations_.clear_stat_cache(false, at("d")));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
  for (const std::string& other : {std::string("d"), at("d/"), at("./d"), std::string()})
    EXPECT_TRUE(operations_.clear_stat_cache(true, other));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations_.clear_stat_cache(true, at("d")));
  EXPECT_THAT(keys(), ElementsAre("d/file"));
  EXPECT_TRUE(operations_.clear_stat_cache(true));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
}

TEST_F(PathOperationsTest, RP_CLR_04_ClearingTheLinkLeavesTheChildrenStale) {
  write_file(at("e/file"));
  operations_.realpath(at("link/file"));
  ASSERT_EQ(unlink(at("link").c_str()), 0);
  make_link("e", at("link"));
  operations_.clear_stat_cache(true, at("link"));
  EXPECT_EQ(operations_.realpath(at("link")).value(), at("e"));
  EXPECT_EQ(operations_.realpath(at("link/file")).value(), at("d/file"));
}

TEST_F(PathOperationsTest, RP_CLR_05_RemovingAndRenamingEmptyTheCacheOnSuccess) {
  write_file(at("other"));
  warm();
  EXPECT_FALSE(operations_.unlink("none"));
  EXPECT_FALSE(operations_.rmdir("d"));
  EXPECT_FALSE(operations_.rename("none", "some"));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations_.rename("other", "another"));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
  warm();
  EXPECT_TRUE(operations_.unlink("another"));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
  warm();
  EXPECT_TRUE(operations_.mkdir("empty"));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file")) << "RP-CLR-07";
  EXPECT_TRUE(operations_.rmdir("empty"));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
}

// Refuses to rename, as between two file systems.
class TwoFileSystems : public SystemFileSystem {
 public:
  SystemResult<void> rename(const std::string&, const std::string&) override {
    return tl::unexpected<Errno>(Errno{EXDEV});
  }
};

TEST_F(PathOperationsTest, RP_CLR_06_RenameAcrossFileSystemsCopies) {
  TwoFileSystems two;
  PathOperations operations(two, cache_, [] { return std::int64_t{1'000'000}; });
  warm();
  EXPECT_EQ(operations.rename(at("d"), at("moved")).error().number, EXDEV);
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
  EXPECT_TRUE(operations.rename(at("d/file"), at("moved")));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file")) << "not emptied, and the new name has no entry";
  EXPECT_FALSE(operations.file_exists(at("d/file")));
  EXPECT_EQ(operations.file_get_contents(at("moved"))->bytes, "content");
}

TEST_F(PathOperationsTest, RP_CLR_07_OperationsThatNeverClear) {
  warm();
  EXPECT_TRUE(operations_.touch("new"));
  EXPECT_TRUE(operations_.chmod("new", 0600));
  EXPECT_TRUE(operations_.mkdir("x/../y/./z//w", 0777, true));
  EXPECT_FALSE(operations_.file_exists("x")) << "the text is made plain first";
  EXPECT_TRUE(operations_.is_dir("y/z/w"));
  EXPECT_TRUE(operations_.chdir("y"));
  EXPECT_EQ(operations_.getcwd().value(), at("y"));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
}

TEST_F(PathOperationsTest, RP_CLR_08_ASwapByTheWorkerItselfIsSeen) {
  write_file(at("e/file"));
  operations_.realpath("link/file");
  ASSERT_TRUE(operations_.symlink("e", "link.new"));
  ASSERT_TRUE(operations_.rename("link.new", "link"));
  EXPECT_EQ(operations_.realpath("link/file").value(), at("e/file"));
}

TEST_F(PathOperationsTest, RP_ENT_08_TheEntryOfARemovedFileStays) {
  warm();
  ASSERT_EQ(unlink(at("d/file").c_str()), 0);
  EXPECT_EQ(operations_.realpath("d/file").value(), at("d/file"));
  EXPECT_FALSE(operations_.file_exists("d/file"));
  EXPECT_EQ(operations_.file_get_contents("d/file").error().number, ENOENT);
}

TEST_F(PathOperationsTest, RP_PATH_02_AtTheRootDotDotStays) {
  EXPECT_EQ(operations_.realpath("/../.." + at("d")).value(), at("d"));
}

TEST_F(PathOperationsTest, RP_PATH_07_NulBytes) {
  EXPECT_TRUE(is_value_error(operations_.realpath(kNul)));
  EXPECT_TRUE(is_value_error(operations_.file_get_contents(kNul)));
  EXPECT_TRUE(is_value_error(operations_.clear_stat_cache(true, kNul)));
  EXPECT_TRUE(is_value_error(operations_.unlink(kNul)));
  EXPECT_TRUE(is_value_error(operations_.rename("x", kNul)));
  const auto include = operations_.resolve_include(kNul, {});
  EXPECT_TRUE(!include && !is_value_error(include));
  EXPECT_FALSE(operations_.file_exists(kNul));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
}

TEST_F(PathOperationsTest, RP_PATH_01_EmptyPaths) {
  EXPECT_EQ(operations_.realpath("").value(), folder_.path());
  EXPECT_TRUE(is_value_error(operations_.file_get_contents("")));
  EXPECT_TRUE(is_value_error(operations_.file_put_contents("", "x")));
  EXPECT_TRUE(is_value_error(operations_.scandir("")));
}

TEST_F(PathOperationsTest, RP_USE_01_StreamsFillTheCache) {
  EXPECT_EQ(operations_.file_get_contents("link/file")->bytes, "content");
  EXPECT_THAT(keys(), ElementsAre("d", "link", "link/file"));
  cache_.clear();
  EXPECT_EQ(operations_.file_put_contents("d/new", "four").value(), 4);
  EXPECT_THAT(keys(), ElementsAre("d")) << "RP-ENT-06: the file that it creates is not added";
  EXPECT_EQ(operations_.file_put_contents("d/new", "+", true).value(), 1);
  EXPECT_EQ(operations_.file_get_contents("d/new")->bytes, "four+");
  cache_.clear();
  EXPECT_TRUE(operations_.open_file("file://" + at("d/file"), O_RDONLY));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file")) << "keyed without the scheme";
  EXPECT_FALSE(operations_.realpath("file://" + at("d/file")));
}

TEST_F(PathOperationsTest, RP_USE_01_ReadingADirectory) {
  const auto contents = operations_.file_get_contents("d");
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->bytes, "");
  EXPECT_EQ(contents->read_error, EISDIR);
  EXPECT_FALSE(operations_.read_included(at("d")));
}

TEST_F(PathOperationsTest, RP_USE_02_TheStatFamilyBypassesTheCache) {
  EXPECT_TRUE(operations_.file_exists("link/file") && operations_.is_file("d/file") && operations_.is_dir("link") &&
              operations_.is_link("link") && operations_.is_readable("d/file") && operations_.is_writable("d/file"));
  EXPECT_FALSE(operations_.is_executable("d/file"));
  EXPECT_FALSE(operations_.is_link("d"));
  EXPECT_EQ(operations_.filesize("d/file").value(), 7);
  EXPECT_EQ(operations_.fileinode("link/file").value(), operations_.fileinode("d/file").value());
  EXPECT_TRUE(operations_.touch("d/file", FileTimes{{1, 0}, {12345, 0}}));
  EXPECT_EQ(operations_.filemtime("d/file").value(), 12345);
  EXPECT_EQ(operations_.read_link("link").value(), "d");
  EXPECT_THAT(*operations_.scandir("d"), ElementsAre(".", "..", "file"));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
}

TEST_F(PathOperationsTest, RP_USE_08_Symlink) {
  ASSERT_TRUE(operations_.symlink("file", "d/soft"));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file")) << "the target joined to the link's parent; the link has no entry";
  EXPECT_FALSE(operations_.symlink("file", "d/slash/"));
}

TEST_F(PathOperationsTest, RP_USE_08_LinkResolvesTheNewNameFirst) {
  EXPECT_FALSE(operations_.link("d/file", "d/file/impossible"));
  EXPECT_THAT(keys(), IsEmpty());
  ASSERT_TRUE(operations_.link("d/file", "hard"));
  EXPECT_THAT(keys(), ElementsAre("d", "d/file"));
}

TEST_F(PathOperationsTest, RP_USE_08_Copy) {
  EXPECT_FALSE(operations_.copy("d", "elsewhere"));
  EXPECT_FALSE(operations_.copy("d/file", "link"));
  EXPECT_FALSE(operations_.copy("d/file", "link/file"));
  EXPECT_EQ(operations_.realpath_cache_size(), 0);
  EXPECT_FALSE(operations_.copy("d/none", "link/none"));
  EXPECT_THAT(keys(), ElementsAre("d")) << "a source that cannot be opened: the destination is not resolved";
  EXPECT_TRUE(operations_.copy("d/file", "copy"));
  EXPECT_EQ(operations_.file_get_contents("copy")->bytes, "content");
}

TEST_F(PathOperationsTest, RP_USE_08_TempNam) {
  const auto path = operations_.tempnam("link", "some/pre");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->rfind(at("d/pre"), 0), 0u);
  EXPECT_TRUE(operations_.is_file(*path));
  EXPECT_THAT(keys(), ElementsAre("d", "link"));
  PathOperations::Settings settings;
  settings.temporary_directory = at("d");
  PathOperations elsewhere(
      files_, cache_, [] { return std::int64_t{1'000'000}; }, settings);
  EXPECT_EQ(elsewhere.tempnam("none", "x")->rfind(at("d/x"), 0), 0u);
}

TEST_F(PathOperationsTest, RP_PATH_03_WritingToANameWithASlashIsLeftToTheKernel) {
  EXPECT_FALSE(operations_.file_put_contents("d/new/", "x"));
  EXPECT_FALSE(operations_.file_exists("d/new"));
}

}  // namespace
}  // namespace assay::reference
