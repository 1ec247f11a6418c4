// What a process can still write after it has made all but one folder read-only. Each in a process of its own.
#include "conformance/runner/mount_namespace.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {
namespace fs = std::filesystem;

constexpr int kRefused = 77;

// What `body` says in a process that may write in `writable` alone.
int confined(const fs::path& writable, const std::function<int()>& body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but(writable);
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

class MountNamespace : public testing::Test {
 protected:
  // Beside the build, which is no file system in memory: nothing hides it.
  MountNamespace() {
    std::string name = (fs::current_path() / "outside-XXXXXX").string();
    outside_ = ::mkdtemp(name.data());
    fs::create_directories(writable());
    if (confined(writable(), [] { return 0; }) == kRefused) refused_ = true;
  }
  ~MountNamespace() override { fs::remove_all(outside_); }
  void SetUp() override {
    if (refused_) GTEST_SKIP() << "the kernel gives this process no mount namespace";
  }
  fs::path writable() const { return fs::path(folder_.path()) / "run"; }

  TestFolder folder_;
  fs::path outside_;
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
  const int result = confined(writable(), [&] {
    if (fs::exists(folder_.path() + "/other")) return 1;
    return can_write(mine) && can_write(shared) ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
  EXPECT_FALSE(fs::exists(mine));
  EXPECT_FALSE(fs::exists(shared));
}

TEST_F(MountNamespace, AFolderThatIsMissingIsRefusedAndNothingHasChanged) {
  const fs::path file = outside_ / "file";
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = make_all_read_only_but(outside_ / "missing");
    ::_exit(!made && made.error().kind == Error::Kind::refused && can_write(file) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(fs::exists(file));
}

}  // namespace
}  // namespace assay::conformance
