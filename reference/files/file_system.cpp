#include "reference/files/file_system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <memory>
#include <system_error>

namespace assay::reference {
namespace {

tl::unexpected<Errno> last_error() {
  return tl::unexpected<Errno>(Errno{errno});
}

SystemResult<void> done(int result) {
  if (result < 0) return last_error();
  return {};
}

// The part of a temporary file's name that is made up, and how many names are tried.
constexpr std::size_t kTemporarySuffix = 6;
constexpr int kTemporaryAttempts = 100;

}  // namespace

std::string describe_errno(Errno error) {
  return std::generic_category().message(error.number) + " (errno " + std::to_string(error.number) + ")";
}

template <typename Call>
auto SystemFileSystem::attempt(points::Name point, Call call) const {
  for (;;) {
    decltype(call()) result = -1;
    if (const int error = points::point(context_, point); error != 0)
      errno = error;
    else
      result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

int SystemFileSystem::base() const {
  return working_directory_.is_open() ? working_directory_.get() : AT_FDCWD;
}

SystemResult<struct stat> SystemFileSystem::lstat(const std::string& path) {
  struct stat status;
  if (attempt("files/lstat", [&] { return fstatat(base(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW); }) < 0)
    return last_error();
  return status;
}

SystemResult<struct stat> SystemFileSystem::stat(const std::string& path) {
  struct stat status;
  if (attempt("files/stat", [&] { return fstatat(base(), path.c_str(), &status, 0); }) < 0) return last_error();
  return status;
}

SystemResult<std::string> SystemFileSystem::read_link(const std::string& path) {
  std::string content(PATH_MAX, '\0');
  const ssize_t length =
      attempt("files/readlink", [&] { return readlinkat(base(), path.c_str(), content.data(), content.size()); });
  if (length < 0) return last_error();
  content.resize(static_cast<std::size_t>(length));
  return content;
}

SystemResult<void> SystemFileSystem::access(const std::string& path, int mode) {
  return done(attempt("files/access", [&] { return faccessat(base(), path.c_str(), mode, 0); }));
}

SystemResult<FileDescriptor> SystemFileSystem::open(const std::string& path, int flags, mode_t permissions) {
  const int number =
      attempt("files/open", [&] { return openat(base(), path.c_str(), flags | O_CLOEXEC, permissions); });
  if (number < 0) return last_error();
  return FileDescriptor(number);
}

SystemResult<FileDescriptor> SystemFileSystem::create_temporary(std::string& path) {
  // mkstemp has no form that starts at a directory descriptor; names are tried here until one is new.
  static constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  if (path.size() < kTemporarySuffix) return tl::unexpected<Errno>(Errno{EINVAL});
  for (int attempt = 0; attempt < kTemporaryAttempts; ++attempt) {
    unsigned char random[kTemporarySuffix];
    if (getentropy(random, sizeof random) < 0) return last_error();
    for (std::size_t i = 0; i < kTemporarySuffix; ++i)
      path[path.size() - kTemporarySuffix + i] = kAlphabet[random[i] % kAlphabet.size()];
    auto file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (file || file.error().number != EEXIST) return file;
  }
  return tl::unexpected<Errno>(Errno{EEXIST});
}

SystemResult<struct stat> SystemFileSystem::stat_open(const FileDescriptor& file) {
  struct stat status;
  if (attempt("files/fstat", [&] { return fstat(file.get(), &status); }) < 0) return last_error();
  return status;
}

SystemResult<std::size_t> SystemFileSystem::read(const FileDescriptor& file, char* buffer, std::size_t capacity) {
  const ssize_t count = attempt("files/read", [&] { return ::read(file.get(), buffer, capacity); });
  if (count < 0) return last_error();
  return static_cast<std::size_t>(count);
}

SystemResult<std::size_t> SystemFileSystem::write(const FileDescriptor& file, std::string_view bytes) {
  const ssize_t count = attempt("files/write", [&] { return ::write(file.get(), bytes.data(), bytes.size()); });
  if (count < 0) return last_error();
  return static_cast<std::size_t>(count);
}

SystemResult<void> SystemFileSystem::truncate(const FileDescriptor& file, off_t length) {
  return done(attempt("files/truncate", [&] { return ftruncate(file.get(), length); }));
}

SystemResult<void> SystemFileSystem::synchronize(const FileDescriptor& file) {
  return done(attempt("files/sync", [&] { return fsync(file.get()); }));
}

SystemResult<void> SystemFileSystem::unlink(const std::string& path) {
  return done(attempt("files/unlink", [&] { return unlinkat(base(), path.c_str(), 0); }));
}

SystemResult<void> SystemFileSystem::rename(const std::string& from, const std::string& to) {
  return done(attempt("files/rename", [&] { return renameat(base(), from.c_str(), base(), to.c_str()); }));
}

SystemResult<void> SystemFileSystem::make_directory(const std::string& path, mode_t permissions) {
  return done(attempt("files/mkdir", [&] { return mkdirat(base(), path.c_str(), permissions); }));
}

SystemResult<void> SystemFileSystem::remove_directory(const std::string& path) {
  return done(attempt("files/rmdir", [&] { return unlinkat(base(), path.c_str(), AT_REMOVEDIR); }));
}

SystemResult<void> SystemFileSystem::symlink(const std::string& target, const std::string& link) {
  return done(attempt("files/symlink", [&] { return symlinkat(target.c_str(), base(), link.c_str()); }));
}

SystemResult<void> SystemFileSystem::link(const std::string& target, const std::string& link) {
  return done(attempt("files/link", [&] { return linkat(base(), target.c_str(), base(), link.c_str(), 0); }));
}

SystemResult<void> SystemFileSystem::change_mode(const std::string& path, mode_t permissions) {
  return done(attempt("files/chmod", [&] { return fchmodat(base(), path.c_str(), permissions, 0); }));
}

SystemResult<void> SystemFileSystem::change_owner(const std::string& path, uid_t user, gid_t group) {
  return done(attempt("files/chown", [&] { return fchownat(base(), path.c_str(), user, group, 0); }));
}

SystemResult<void> SystemFileSystem::set_times(const std::string& path, const FileTimes& times) {
  const timespec both[2] = {times.accessed, times.modified};
  return done(attempt("files/utime", [&] { return utimensat(base(), path.c_str(), both, 0); }));
}

SystemResult<std::vector<std::string>> SystemFileSystem::list_directory(const std::string& path) {
  const int number =
      attempt("files/list", [&] { return openat(base(), path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (number < 0) return last_error();
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(fdopendir(number), closedir);
  if (!directory) {
    FileDescriptor closes(number);
    return last_error();
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(directory.get())) names.emplace_back(entry->d_name);
  if (errno != 0) return last_error();
  return names;
}

SystemResult<std::string> SystemFileSystem::working_directory() {
  std::string path(PATH_MAX, '\0');
  if (!working_directory_.is_open()) {
    if (attempt("files/getcwd", [&] { return getcwd(path.data(), path.size()) == nullptr ? -1 : 0; }) < 0)
      return last_error();
    path.resize(path.find('\0'));
    return path;
  }
  // The kernel names an open directory in /proc; one that was removed has no links left and no name.
  auto status = stat_open(working_directory_);
  if (!status) return tl::unexpected<Errno>(status.error());
  if (status->st_nlink == 0) return tl::unexpected<Errno>(Errno{ENOENT});
  const std::string name = "/proc/self/fd/" + std::to_string(working_directory_.get());
  const ssize_t length = ::readlink(name.c_str(), path.data(), path.size());
  if (length < 0) return last_error();
  path.resize(static_cast<std::size_t>(length));
  return path;
}

SystemResult<void> SystemFileSystem::change_working_directory(const std::string& path) {
  if (owner_ == WorkingDirectoryOwner::process)
    return done(attempt("files/chdir", [&] { return ::chdir(path.c_str()); }));
  auto directory = open(path, O_PATH | O_DIRECTORY, 0);
  if (!directory) return tl::unexpected<Errno>(directory.error());
  // chdir(2) needs search permission, which opening by O_PATH does not ask for.
  auto searchable = done(attempt("files/chdir", [&] { return faccessat(directory->get(), ".", X_OK, AT_EACCESS); }));
  if (!searchable) return searchable;
  working_directory_ = std::move(*directory);
  return {};
}

}  // namespace assay::reference
