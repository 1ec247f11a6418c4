// What a process can still write after it has made all but one folder read-only. Each in a process of its own.
#include "support/proc/mount_namespace.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

namespace assay {
namespace {
namespace fs = std::filesystem;

constexpr int kRefused = 77;

// What `body` says in a process that may write in `writable` alone.
int confined(const fs::path& writable, const std::function<int()>& body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but({writable}, CommonFolders::fresh);
    if (!made) std::fprintf(stderr, "%s\n", made.error().message.c_str());
    ::_exit(made ? body() : kRefused);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool can_write(const fs::path& file) {
  return static_cast<bool>(std::ofstream(file) << "written" << std::flush);
}

fs::path fresh_folder(const fs::path& pattern) {
  std::string name = pattern.string();
  return fs::canonical(::mkdtemp(name.data()));
}

class MountNamespace : public testing::Test {
 protected:
  // Beside the build, which is no file system in memory: nothing hides it.
  MountNamespace()
      : outside_(fresh_folder(fs::current_path() / "outside-XXXXXX")),
        common_(fresh_folder("/tmp/assay-namespace-XXXXXX")) {
    fs::create_directories(writable());
    if (confined(writable(), [] { return 0; }) == kRefused) refused_ = true;
  }
  ~MountNamespace() override {
    fs::remove_all(outside_);
    fs::remove_all(common_);
  }
  void SetUp() override {
    if (refused_) GTEST_SKIP() << "the kernel gives this process no mount namespace";
  }
  fs::path writable() const { return common_ / "run"; }

  fs::path outside_, common_;
  bool refused_ = false;
};

TEST_F(MountNamespace, NothingOutsideCanBeWritten) {
  const int result = confined(writable(), [&] {
    if (can_write(outside_ / "file")) return 1;
    std::error_code code;
    if (fs::create_directory(outside_ / "folder", code)) return 2;
    return fs::remove(outside_, code) ? 3 : 0;
  });
  EXPECT_EQ(result, 0);
  EXPECT_TRUE(fs::is_empty(outside_));
}

TEST_F(MountNamespace, TheFolderIsSharedWithEverybody) {
  std::ofstream(writable() / "before") << "before";
  const int result = confined(writable(), [&] {
    if (!fs::exists(writable() / "before")) return 1;
    return can_write(writable() / "after") ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
  EXPECT_TRUE(fs::exists(writable() / "after"));
}

TEST_F(MountNamespace, TheFoldersOfAllAreEmptyOnesOfItsOwn) {
  const fs::path mine = "/tmp/of-the-namespace", shared = "/dev/shm/of-the-namespace";
  std::ofstream(common_ / "beside") << "beside";
  const int result = confined(writable(), [&] {
    if (fs::exists(common_ / "beside")) return 1;
    return can_write(mine) && can_write(shared) ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
  EXPECT_FALSE(fs::exists(mine));
  EXPECT_FALSE(fs::exists(shared));
}

TEST_F(MountNamespace, WhatIsNamedIsSeenInThemAndReadOnly) {
  fs::create_directories(common_ / "named");
  std::ofstream(common_ / "named" / "inside") << "inside";
  for (const char* name : {"file", "beside"}) std::ofstream(common_ / name) << name;
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but({writable()}, CommonFolders::fresh,
                                             {common_ / "file", common_ / "named", common_ / "missing", outside_});
    const bool sees = fs::exists(common_ / "named" / "inside") && fs::file_size(common_ / "file") == 4;
    const bool writes = can_write(common_ / "named" / "other") || can_write(common_ / "file");
    ::_exit(made && sees && !writes && !fs::exists(common_ / "beside") && can_write(writable() / "a") ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(MountNamespace, SharedFoldersAreReadOnlyToo) {
  std::ofstream(common_ / "beside") << "beside";
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but({writable(), outside_}, CommonFolders::shared);
    const bool sees = fs::exists(common_ / "beside");
    ::_exit(made && sees && !can_write(common_ / "beside") && can_write(writable() / "a") && can_write(outside_ / "b")
                ? 0
                : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(MountNamespace, AFolderThatIsMissingIsRefusedAndNothingHasChanged) {
  const fs::path file = outside_ / "file";
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but({outside_ / "missing"}, CommonFolders::fresh);
    ::_exit(!made && made.error().kind == Error::Kind::refused && can_write(file) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(file));
}

}  // namespace
}  // namespace assay
