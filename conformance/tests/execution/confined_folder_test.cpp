#include "conformance/execution/confined_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;
using Way = ConfinedFolder::Way;

// Below `in`, beside a file that is outside.
class ConfinedFolderTest : public testing::TestWithParam<Way> {
 protected:
  ConfinedFolderTest() {
    fs::create_directories(path("in/a/b"));
    folder_.write("in/f", "inside");
    folder_.write("outside", "outside");
  }
  std::string path(const std::string& below) const { return folder_.path() + "/" + below; }
  ConfinedFolder folder() const { return std::move(*ConfinedFolder::open(path("in"), GetParam())); }
  void link(const std::string& text, const std::string& at) { fs::create_symlink(text, path(at)); }

  // What the file holds, or the error's code.
  std::string content(const std::string& below, int flags = 0) const {
    const auto file = folder().open_at(below, O_RDONLY | flags);
    if (!file) return file.error().code == leads_out ? "leads out" : std::to_string(file.error().code);
    std::string text(100, '\0');
    const ssize_t size = ::read(file->get(), text.data(), text.size());
    return size < 0 ? "a directory" : text.substr(0, static_cast<std::size_t>(size));
  }

  TestFolder folder_;
};

TEST_P(ConfinedFolderTest, OpensWhatIsBelowHoweverItIsSpelled) {
  for (const char* below : {"f", "./f", "a/../f", "a/b/../../f", "a//b/./../..//f"})
    EXPECT_EQ(content(below), "inside");
  EXPECT_EQ(content(""), "a directory");
  EXPECT_EQ(content("a/b/"), "a directory");
  EXPECT_EQ(content("missing"), std::to_string(ENOENT));
  EXPECT_EQ(content("f/g"), std::to_string(ENOTDIR));
  EXPECT_EQ(content(std::string("f\0g", 3)), std::to_string(EINVAL));
}

TEST_P(ConfinedFolderTest, NothingAboveCanBeReached) {
  for (const char* below : {"..", "../outside", "a/../../outside", "../in/f", "/etc/hostname", "a/b/../../.."})
    EXPECT_EQ(content(below), "leads out") << below;
}

TEST_P(ConfinedFolderTest, LinksAreFollowedWhileTheyStayInside) {
  link("../f", "in/a/up");
  link("a", "in/down");
  link("down/up", "in/chain");
  EXPECT_EQ(content("a/up"), "inside");
  EXPECT_EQ(content("down/up"), "inside");
  EXPECT_EQ(content("chain"), "inside");
  link("../outside", "in/out");
  link(path("outside"), "in/absolute");
  link(path("in/f"), "in/absolute_inside");
  link("a/../../in/f", "in/out_and_in");
  link("..", "in/parent");
  for (const char* below : {"out", "absolute", "absolute_inside", "out_and_in", "parent/outside", "a/../out"})
    EXPECT_EQ(content(below), "leads out") << below;
  link("loop", "in/loop");
  EXPECT_EQ(content("loop"), std::to_string(ELOOP));
  EXPECT_EQ(content("out", O_NOFOLLOW), std::to_string(ELOOP));
}

TEST_P(ConfinedFolderTest, AProcessesDescriptorsAreNoWayOut) {
  const FileDescriptor outside(::open(folder_.path().c_str(), O_PATH | O_DIRECTORY));
  link("/proc/self/fd/" + std::to_string(outside.get()), "in/magic");
  EXPECT_EQ(content("magic/outside"), "leads out");
}

TEST_P(ConfinedFolderTest, APlaceIsTheFolderThatHoldsTheName) {
  link("../../outside", "in/a/out");
  const auto place = folder().place_of("a/./out");
  ASSERT_TRUE(place) << "the last name is not followed";
  EXPECT_EQ(place->name, "out");
  EXPECT_EQ(::faccessat(place->folder.get(), "b", F_OK, 0), 0);
  EXPECT_EQ(folder().place_of("a/b/")->name, "b");
  for (const char* below : {"", ".", "a/.", "a/.."}) EXPECT_FALSE(folder().place_of(below)) << below;
  EXPECT_EQ(folder().place_of("../x").error().code, leads_out);
}

TEST_P(ConfinedFolderTest, MakesDirectoriesInsideOnly) {
  EXPECT_TRUE(folder().make_directory("x/y/z"));
  EXPECT_TRUE(fs::is_directory(path("in/x/y/z")));
  EXPECT_TRUE(folder().make_directory("x/y/z"));
  link("..", "in/up");
  EXPECT_EQ(folder().make_directory("up/x").error().code, leads_out);
  EXPECT_EQ(folder().make_directory("../x").error().code, leads_out);
  EXPECT_FALSE(fs::exists(path("x")));
  EXPECT_EQ(folder().make_directory("f").error().code, ENOTDIR);
  EXPECT_EQ(folder().make_directory("f/x").error().code, ENOTDIR);
}

TEST_P(ConfinedFolderTest, AHardLinkFromOutsideIsKnown) {
  const auto has_name_outside = [&](const char* below) {
    return folder().has_name_outside(folder().open_at(below, O_PATH | O_NOFOLLOW)->get());
  };
  fs::create_hard_link(path("in/f"), path("in/a/b/second"));
  EXPECT_FALSE(has_name_outside("f"));
  EXPECT_FALSE(has_name_outside("a"));
  fs::create_hard_link(path("in/f"), path("third"));
  EXPECT_TRUE(has_name_outside("f"));
  EXPECT_TRUE(has_name_outside("a/b/second"));
}

// A directory that is a link to the outside half of the time.
TEST_P(ConfinedFolderTest, WhoeverSwapsADirectoryForALinkMeanwhileGetsNothing) {
  fs::create_directories(path("in/d"));
  folder_.write("in/d/g", "inside");
  fs::create_directories(path("away"));
  folder_.write("away/g", "outside");
  link("../away", "in/e");
  std::atomic<bool> is_over{false};
  std::thread swapper([&] {
    while (!is_over) ::renameat2(AT_FDCWD, path("in/d").c_str(), AT_FDCWD, path("in/e").c_str(), RENAME_EXCHANGE);
  });
  int inside = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string seen = content("d/g");
    EXPECT_NE(seen, "outside");
    inside += seen == "inside" ? 1 : 0;
    refused += seen == "leads out" ? 1 : 0;
  }
  is_over = true;
  swapper.join();
  EXPECT_GT(inside, 0);
  EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(Ways, ConfinedFolderTest, testing::Values(Way::kernel, Way::steps),
                         [](const auto& way) { return way.param == Way::kernel ? "Kernel" : "Steps"; });

}  // namespace
}  // namespace assay::conformance
