#include "conformance/adapters/php/lock_file.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "conformance/tests/test_folder.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;

// A process that keeps these descriptors open, and locks one, until the object goes.
class Holder {
 public:
  explicit Holder(const std::vector<int>& open, int locked = -1) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) hold(open, locked, ends[1]);
    ::close(ends[1]);
    char ready;
    (void)!::read(ends[0], &ready, 1);
    ::close(ends[0]);
  }
  ~Holder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] static void hold(const std::vector<int>& open, int locked, int ready) {
    for (int descriptor = 3; descriptor < 256; ++descriptor) {
      if (descriptor != ready && std::find(open.begin(), open.end(), descriptor) == open.end()) ::close(descriptor);
    }
    struct flock record = {};
    record.l_type = F_RDLCK;
    record.l_whence = SEEK_SET;
    if (locked >= 0 && ::fcntl(locked, F_SETLK, &record) != 0) ::_exit(1);
    (void)!::write(ready, "r", 1);
    for (;;) ::pause();
  }

  pid_t pid_ = -1;
};

int in_memory(const char* name) {
  return ::memfd_create(name, 0);
}

// A file with a name that is unlinked at once.
int unlinked(const TestFolder& folder, const char* name) {
  const std::string path = folder.path() + "/" + name;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  ::unlink(path.c_str());
  return descriptor;
}

std::string target_of(const std::filesystem::path& descriptor) {
  return std::filesystem::read_symlink(descriptor).string();
}

TEST(LockFile, OneInMemoryAsOneThatIsUnlinked) {
  const TestFolder folder;
  const FileDescriptor named(::open(folder.write("named", "x").c_str(), O_RDWR));
  const FileDescriptor memory(in_memory("some_lock")), gone(unlinked(folder, "any"));
  const Holder one({named.get(), memory.get()}), other({named.get(), gone.get()});
  const auto first = find_lock_file(one.pid()), second = find_lock_file(other.pid());
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_THAT(target_of(*first), HasSubstr("memfd:some_lock"));
  EXPECT_THAT(target_of(*second), HasSubstr("/any"));
}

TEST(LockFile, AmongSeveralTheOneThatIsLocked) {
  const TestFolder folder;
  const FileDescriptor first(in_memory("first")), second(unlinked(folder, "second"));
  const Holder holder({first.get(), second.get()}, second.get());
  const auto found = find_lock_file(holder.pid());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(target_of(*found), HasSubstr("/second"));
}

TEST(LockFile, SaysWhatWasThere) {
  const FileDescriptor first(in_memory("first")), second(in_memory("second"));
  const Holder holder({first.get(), second.get()}), nothing({});
  EXPECT_THAT(find_lock_file(holder.pid()).error().message, ::testing::AllOf(HasSubstr("first"), HasSubstr("second")));
  EXPECT_THAT(find_lock_file(nothing.pid()).error().message, HasSubstr("no lock to find"));
}

}  // namespace
}  // namespace assay::conformance::php
