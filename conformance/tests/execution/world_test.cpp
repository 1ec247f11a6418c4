#include "conformance/execution/world.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "conformance/tests/test_folder.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {
namespace {

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

// A file system without finer times shows the same.
TEST(World, FileTimesAreWholeSecondsOfTheVirtualClock) {
  const TestFolder folder;
  const World world(folder.path());
  const auto apply = [&](ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    const auto done = world.apply(make_action(kind, arguments), clock_start + 7);
    EXPECT_TRUE(done) << done.error().message;
  };
  const auto expect_time = [&](std::int64_t seconds) {
    const struct stat status = status_of(folder.path() + "/f");
    EXPECT_EQ(status.st_mtim.tv_sec, seconds);
    EXPECT_EQ(status.st_mtim.tv_nsec, 0);
  };
  apply(ActionKind::write, {{"path", "@/f"}, {"content", "one"}, {"age", 10}});
  expect_time(clock_start - 3);
  apply(ActionKind::write, {{"path", "@/f"}, {"content", "two"}, {"age", 0}, {"in_place", true}});
  expect_time(clock_start + 7);
  apply(ActionKind::set_mtime, {{"path", "@/f"}, {"mtime", clock_start + 1}});
  expect_time(clock_start + 1);
}

namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A sandbox, and beside it a canary: a folder with a file and a link that no action may touch.
class Confined : public testing::Test {
 protected:
  Confined() {
    fs::create_directories(folder_.path() + "/sandbox/own");
    fs::create_directories(canary() + "/folder");
    folder_.write("sandbox/f", "mine");
    folder_.write("canary/f", "sings");
    fs::create_symlink("f", canary() + "/link");
    before_ = state();
  }
  ~Confined() override { EXPECT_EQ(state(), before_); }

  std::string canary() const { return folder_.path() + "/canary"; }
  std::string sandbox() const { return folder_.path() + "/sandbox"; }

  // Whatever can be seen of the canary.
  std::string state() const {
    std::string seen;
    std::set<std::string> paths = {canary()};
    for (const auto& entry : fs::recursive_directory_iterator(canary())) paths.insert(entry.path());
    for (const std::string& path : paths) {
      const struct stat status = status_of(path);
      seen += path + " " + std::to_string(status.st_ino) + " " + std::to_string(status.st_mode) + " " +
              std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) + "\n";
    }
    return seen + content_of(canary() + "/f") + fs::read_symlink(canary() + "/link").string();
  }

  // Every action that changes something, at a path of the test's choice.
  static std::vector<Action> actions_at(const std::string& at) {
    return {make_action(ActionKind::write, {{"path", at + "/f"}, {"content", "x"}}),
            make_action(ActionKind::write, {{"path", at + "/f"}, {"content", "x"}, {"in_place", true}}),
            make_action(ActionKind::write, {{"path", at + "/new/f"}, {"content", "x"}}),
            make_action(ActionKind::make_directory, {{"path", at + "/new"}}),
            make_action(ActionKind::make_link, {{"path", at + "/new"}, {"target", "f"}}),
            make_action(ActionKind::swap_link, {{"path", at + "/link"}, {"target", "folder"}}),
            make_action(ActionKind::remove, {{"path", at + "/f"}}),
            make_action(ActionKind::remove, {{"path", at + "/folder"}}),
            make_action(ActionKind::move, {{"from", at + "/f"}, {"to", "@/stolen"}}),
            make_action(ActionKind::move, {{"from", "@/f"}, {"to", at + "/f"}}),
            make_action(ActionKind::set_mtime, {{"path", at + "/f"}, {"mtime", 1}}),
            make_action(ActionKind::set_mode, {{"path", at + "/f"}, {"mode", 0}})};
  }
  void expect_refused(const Action& action) {
    const auto done = World(sandbox()).apply(action, clock_start);
    ASSERT_FALSE(done) << to_text(action);
    EXPECT_EQ(done.error().code, leads_out) << done.error().message;
  }
  void expect_all_refused(const std::string& at) {
    for (const Action& action : actions_at(at)) expect_refused(action);
  }

 private:
  TestFolder folder_;
  std::string before_;
};

TEST_F(Confined, AStarStandsForTheOnlyFolder) {
  const World world(sandbox());
  const auto write = [&](const char* path) {
    return world.apply(make_action(ActionKind::write, {{"path", path}, {"content", "x"}, {"in_place", true}}), 0);
  };
  EXPECT_FALSE(write("@/files/*@/a.php.bin"));
  fs::create_directories(sandbox() + "/files/id");
  ASSERT_TRUE(write("@/files/*@/a.php.bin"));
  ASSERT_TRUE(write("@/files/*@/d/a.php.bin"));
  EXPECT_EQ(content_of(sandbox() + "/files/id" + sandbox() + "/a.php.bin"), "x");
  EXPECT_EQ(content_of(sandbox() + "/files/id" + sandbox() + "/d/a.php.bin"), "x");
  ASSERT_TRUE(world.apply(make_action(ActionKind::remove, {{"path", "@/files/*@/d/a.php.bin"}}), 0));
  EXPECT_FALSE(fs::exists(sandbox() + "/files/id" + sandbox() + "/d/a.php.bin"));
  fs::create_directories(sandbox() + "/files/other");
  EXPECT_FALSE(write("@/files/*@/a.php.bin"));
  EXPECT_EQ(std::distance(fs::directory_iterator(sandbox() + "/files"), fs::directory_iterator()), 2);
}

TEST_F(Confined, AnAbsolutePathIsRefused) {
  expect_all_refused(canary());
}

TEST_F(Confined, APathAboveTheRootIsRefused) {
  expect_all_refused("@/../canary");
  expect_all_refused("@/own/../../canary");
}

TEST_F(Confined, APathWithoutTheRootIsRefused) {
  expect_all_refused("canary");
  expect_all_refused("../canary");
}

TEST_F(Confined, ALinkThatLeadsOutIsMadeButNotFollowed) {
  const World world(sandbox());
  ASSERT_TRUE(world.apply(make_action(ActionKind::make_link, {{"path", "@/out"}, {"target", "../canary"}}), 0));
  ASSERT_TRUE(world.apply(make_action(ActionKind::make_link, {{"path", "@/absolute"}, {"target", canary()}}), 0));
  EXPECT_EQ(content_of(sandbox() + "/out/f"), "sings") << "it is there for the target";
  expect_all_refused("@/out");
  expect_all_refused("@/absolute");
}

TEST_F(Confined, AFinalLinkThatLeadsOutIsNotFollowed) {
  const World world(sandbox());
  ASSERT_TRUE(world.apply(make_action(ActionKind::make_link, {{"path", "@/out"}, {"target", "../canary/f"}}), 0));
  expect_refused(make_action(ActionKind::write, {{"path", "@/out"}, {"content", "x"}, {"in_place", true}}));
  expect_refused(make_action(ActionKind::set_mode, {{"path", "@/out"}, {"mode", 0}}));
  EXPECT_TRUE(world.apply(make_action(ActionKind::set_mtime, {{"path", "@/out"}, {"mtime", 1}}), 0));
  EXPECT_TRUE(world.apply(make_action(ActionKind::write, {{"path", "@/out"}, {"content", "x"}}), 0));
  EXPECT_EQ(content_of(sandbox() + "/out"), "x") << "the link was replaced";
}

TEST_F(Confined, ADirectoryThatWasReplacedByALinkIsNotEntered) {
  const World world(sandbox());
  ASSERT_TRUE(world.apply(make_action(ActionKind::write, {{"path", "@/d/f"}, {"content", "mine"}}), 0));
  fs::rename(sandbox() + "/d", sandbox() + "/e");
  fs::create_symlink("../canary", sandbox() + "/d");
  expect_all_refused("@/d");
}

TEST_F(Confined, AFileWithANameOutsideIsNotChanged) {
  fs::create_hard_link(canary() + "/f", sandbox() + "/hard");
  expect_refused(make_action(ActionKind::write, {{"path", "@/hard"}, {"content", "x"}, {"in_place", true}}));
  expect_refused(make_action(ActionKind::set_mode, {{"path", "@/hard"}, {"mode", 0}}));
  expect_refused(make_action(ActionKind::set_mtime, {{"path", "@/hard"}, {"mtime", 1}}));
  EXPECT_TRUE(World(sandbox()).apply(make_action(ActionKind::remove, {{"path", "@/hard"}}), 0)) << "only this name";
}

TEST_F(Confined, WhatRemovesAFolderDoesNotFollowItsLinks) {
  const World world(sandbox());
  ASSERT_TRUE(world.apply(make_action(ActionKind::make_link, {{"path", "@/own/out"}, {"target", "../../canary"}}), 0));
  EXPECT_TRUE(world.apply(make_action(ActionKind::remove, {{"path", "@/own"}}), 0));
  EXPECT_FALSE(world.has("@/own"));
}

TEST_F(Confined, ASandboxThatIsALinkByNowIsStillTheOldOne) {
  const World world(sandbox());
  fs::rename(sandbox(), sandbox() + "-old");
  fs::create_symlink(canary(), sandbox());
  EXPECT_TRUE(world.apply(make_action(ActionKind::write, {{"path", "@/f"}, {"content", "x"}}), 0));
  EXPECT_EQ(content_of(sandbox() + "-old/f"), "x");
}

// A directory that is a link to the canary half of the time.
TEST_F(Confined, WhoeverSwapsADirectoryForALinkMeanwhileGetsNothing) {
  fs::create_directories(sandbox() + "/d");
  fs::create_symlink("../canary", sandbox() + "/e");
  const std::string d = sandbox() + "/d", e = sandbox() + "/e";
  std::atomic<bool> is_over{false};
  std::thread swapper([&] {
    while (!is_over) ::renameat2(AT_FDCWD, d.c_str(), AT_FDCWD, e.c_str(), RENAME_EXCHANGE);
  });
  const World world(sandbox());
  int done = 0, refused = 0;
  for (int i = 0; i < 1000; ++i) {
    for (const Action& action : actions_at("@/d")) {
      const auto result = world.apply(action, clock_start);
      done += result ? 1 : 0;
      refused += !result && result.error().code == leads_out ? 1 : 0;
    }
  }
  is_over = true;
  swapper.join();
  EXPECT_GT(done, 0);
  EXPECT_GT(refused, 0);
}

class Allowed : public testing::Test {
 protected:
  TestFolder folder_;
};

TEST_F(Allowed, WhatIsNamedOutsideIsChangedWhereThatIsAllowed) {
  fs::create_directories(folder_.path() + "/sandbox");
  const std::string outside = folder_.write("outside", "old");
  const World world(folder_.path() + "/sandbox", World::Outside::where_named);
  EXPECT_TRUE(world.apply(make_action(ActionKind::write, {{"path", outside}, {"content", "new"}}), 0));
  EXPECT_EQ(content_of(outside), "new");
  EXPECT_TRUE(world.apply(make_action(ActionKind::set_mode, {{"path", outside}, {"mode", 0600}}), 0));
  EXPECT_TRUE(world.apply(make_action(ActionKind::move, {{"from", outside}, {"to", "@/f"}}), 0));
  EXPECT_TRUE(world.apply(make_action(ActionKind::make_directory, {{"path", folder_.path() + "/a/b"}}), 0));
  EXPECT_TRUE(world.apply(make_action(ActionKind::remove, {{"path", folder_.path() + "/a"}}), 0));
  EXPECT_FALSE(fs::exists(folder_.path() + "/a"));
  EXPECT_FALSE(world.apply(make_action(ActionKind::remove, {{"path", "@/../a"}}), 0));
}

}  // namespace
}  // namespace assay::conformance
