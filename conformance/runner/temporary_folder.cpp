#include "conformance/runner/temporary_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "support/files/remove_tree.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr const char* prefix = "assay-run-";

// Takes the lock of a folder if nobody alive has it; the descriptor, or -1.
int take_lock(const fs::path& folder) {
  const int lock = ::open((folder / "owner").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return -1;
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  ::close(lock);
  return -1;
}

// Another suite may have come between the opening of the lock file and its lock, and have removed a folder that seemed
// to be nobody's.
bool is_lock_of(int lock, const fs::path& folder) {
  struct stat held {
  }, named{};
  return ::fstat(lock, &held) == 0 && ::stat((folder / "owner").c_str(), &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

void remove_stale(const fs::path& parent) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(parent, fs::directory_options::skip_permission_denied, code)) {
    struct stat info {};
    if (!entry.path().filename().string().starts_with(prefix)) continue;
    if (::lstat(entry.path().c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) continue;
    if (!fs::exists(entry.path() / "owner", code)) continue;
    const int lock = take_lock(entry.path());
    if (lock < 0) continue;
    remove_tree(entry.path());
    ::close(lock);
  }
}

// On a disk the removal of each run's files costs more than the run: a file system in memory is taken, if it has room
// for what full file systems and caches are made of.
bool is_roomy_memory(const char* folder) {
  constexpr std::uint64_t kRoom = std::uint64_t{1} << 30;
  struct statfs info {};
  if (::statfs(folder, &info) != 0 || info.f_type != TMPFS_MAGIC || ::access(folder, W_OK | X_OK) != 0) return false;
  return static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_bsize) >= kRoom;
}

fs::path parent_of_folders() {
  if (const char* named = std::getenv("TMPDIR"); named && *named) return named;
  return is_roomy_memory("/dev/shm") ? "/dev/shm" : "/tmp";
}

}  // namespace

TemporaryFolder::TemporaryFolder(fs::path path, int lock) : path_(std::move(path)), lock_(lock), owner_(::getpid()) {}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(other.lock_), owner_(other.owner_) {
  other.lock_ = -1;
  other.owner_ = 0;
}

TemporaryFolder::~TemporaryFolder() {
  if (owner_ == ::getpid()) remove_tree(path_);
  if (lock_ >= 0) ::close(lock_);
}

Expected<TemporaryFolder> TemporaryFolder::create() {
  const fs::path parent = parent_of_folders();
  remove_stale(parent);
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (!::mkdtemp(name.data())) {
      return failure(fmt::format("cannot make a folder in {}: {}; set TMPDIR to a folder that can be written",
                                 parent.string(), std::strerror(errno)));
    }
    const int lock = take_lock(name);
    if (lock >= 0 && is_lock_of(lock, name)) return TemporaryFolder(fs::canonical(name), lock);
    if (lock < 0 && errno != EWOULDBLOCK) {
      const std::string why = std::strerror(errno);
      remove_tree(name);
      return failure(fmt::format("cannot lock {}/owner: {}; set TMPDIR to another folder", name, why));
    }
    if (lock >= 0) ::close(lock);
  }
  return failure(
      fmt::format("other suites took away each folder in {}; set TMPDIR to another folder", parent.string()));
}

}  // namespace assay::conformance
