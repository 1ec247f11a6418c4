#pragma once

#include <sys/stat.h>
#include <time.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "faults/points/point.h"
#include "support/file_descriptor.h"

namespace assay::reference {

// The reason why the kernel refused a call: a value of errno, never 0.
struct Errno {
  int number;

  friend bool operator==(Errno, Errno) = default;
};

// "No such file or directory (errno 2)".
std::string DescribeErrno(Errno error);

template <typename T>
using SystemResult = tl::expected<T, Errno>;

// New access and modification time of a file, in nanoseconds since the epoch as struct timespec has them.
struct FileTimes {
  timespec accessed;
  timespec modified;
};

// The file system and the working directory as one worker sees them. Each function is one request to the kernel, with
// the kernel's own rules for paths (relative ones start at the working directory; no cache of ours is consulted). A
// call that is interrupted by a signal is made again. No function throws; each returns a value or an errno.
//
// Thread safety: an object belongs to one worker; its functions are not to be called concurrently.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual SystemResult<struct stat> Lstat(const std::string& path) = 0;
  virtual SystemResult<struct stat> Stat(const std::string& path) = 0;
  // The content of a symbolic link, whole.
  virtual SystemResult<std::string> ReadLink(const std::string& path) = 0;
  // `mode` as access(2) takes it: F_OK or R_OK | W_OK | X_OK, judged for the real user.
  virtual SystemResult<void> Access(const std::string& path, int mode) = 0;

  // Opens a file, always close-on-exec. `permissions` matter only with O_CREAT.
  virtual SystemResult<FileDescriptor> Open(const std::string& path, int flags, mode_t permissions) = 0;
  // Replaces the last six characters (XXXXXX) of `path` and creates that file, open for reading and writing, mode 0600.
  virtual SystemResult<FileDescriptor> CreateTemporary(std::string& path) = 0;
  virtual SystemResult<struct stat> StatOpen(const FileDescriptor& file) = 0;
  // Reads at most `capacity` bytes from the current position; 0 at the end of the file.
  virtual SystemResult<std::size_t> Read(const FileDescriptor& file, char* buffer, std::size_t capacity) = 0;
  // Writes at the current position; may write less than asked.
  virtual SystemResult<std::size_t> Write(const FileDescriptor& file, std::string_view bytes) = 0;
  virtual SystemResult<void> Truncate(const FileDescriptor& file, off_t length) = 0;
  virtual SystemResult<void> Synchronize(const FileDescriptor& file) = 0;

  virtual SystemResult<void> Unlink(const std::string& path) = 0;
  virtual SystemResult<void> Rename(const std::string& from, const std::string& to) = 0;
  virtual SystemResult<void> MakeDirectory(const std::string& path, mode_t permissions) = 0;
  virtual SystemResult<void> RemoveDirectory(const std::string& path) = 0;
  // Makes `link` a symbolic link with the content `target`.
  virtual SystemResult<void> Symlink(const std::string& target, const std::string& link) = 0;
  // Makes `link` another name of `target`; a target that is itself a symbolic link is not followed.
  virtual SystemResult<void> Link(const std::string& target, const std::string& link) = 0;
  virtual SystemResult<void> ChangeMode(const std::string& path, mode_t permissions) = 0;
  virtual SystemResult<void> ChangeOwner(const std::string& path, uid_t user, gid_t group) = 0;
  // Follows symbolic links.
  virtual SystemResult<void> SetTimes(const std::string& path, const FileTimes& times) = 0;
  // All names in a directory, with "." and "..", in the kernel's order.
  virtual SystemResult<std::vector<std::string>> ListDirectory(const std::string& path) = 0;

  virtual SystemResult<std::string> WorkingDirectory() = 0;
  virtual SystemResult<void> ChangeWorkingDirectory(const std::string& path) = 0;
};

// The real file system. Each call to the kernel is a point of its own (files/lstat and so on): a planned fault takes
// the place of the call.
class SystemFileSystem : public FileSystem {
 public:
  enum class WorkingDirectoryOwner {
    // The working directory is the process's own: right for a worker that is a process.
    kProcess,
    // This object has a working directory of its own, at first the process's at the time of the first change; the
    // process's stays as it is. Right for workers that are threads of one process.
    kObject,
  };

  // `context`: whose calls these are, for fault plans.
  explicit SystemFileSystem(WorkingDirectoryOwner owner = WorkingDirectoryOwner::kProcess,
                            points::WorkerContext context = {})
      : owner_(owner), context_(context) {}

  SystemResult<struct stat> Lstat(const std::string& path) override;
  SystemResult<struct stat> Stat(const std::string& path) override;
  SystemResult<std::string> ReadLink(const std::string& path) override;
  SystemResult<void> Access(const std::string& path, int mode) override;
  SystemResult<FileDescriptor> Open(const std::string& path, int flags, mode_t permissions) override;
  SystemResult<FileDescriptor> CreateTemporary(std::string& path) override;
  SystemResult<struct stat> StatOpen(const FileDescriptor& file) override;
  SystemResult<std::size_t> Read(const FileDescriptor& file, char* buffer, std::size_t capacity) override;
  SystemResult<std::size_t> Write(const FileDescriptor& file, std::string_view bytes) override;
  SystemResult<void> Truncate(const FileDescriptor& file, off_t length) override;
  SystemResult<void> Synchronize(const FileDescriptor& file) override;
  SystemResult<void> Unlink(const std::string& path) override;
  SystemResult<void> Rename(const std::string& from, const std::string& to) override;
  SystemResult<void> MakeDirectory(const std::string& path, mode_t permissions) override;
  SystemResult<void> RemoveDirectory(const std::string& path) override;
  SystemResult<void> Symlink(const std::string& target, const std::string& link) override;
  SystemResult<void> Link(const std::string& target, const std::string& link) override;
  SystemResult<void> ChangeMode(const std::string& path, mode_t permissions) override;
  SystemResult<void> ChangeOwner(const std::string& path, uid_t user, gid_t group) override;
  SystemResult<void> SetTimes(const std::string& path, const FileTimes& times) override;
  SystemResult<std::vector<std::string>> ListDirectory(const std::string& path) override;
  SystemResult<std::string> WorkingDirectory() override;
  SystemResult<void> ChangeWorkingDirectory(const std::string& path) override;

 private:
  // Where relative paths start: AT_FDCWD, or the directory that this object holds open.
  int base() const;
  // Visits the point and makes the call, again for as long as a signal interrupts it (a planned EINTR does so, too).
  template <typename Call>
  auto Ask(points::Name point, Call call) const;

  WorkingDirectoryOwner owner_;
  points::WorkerContext context_;
  FileDescriptor working_directory_;
};

}  // namespace assay::reference
