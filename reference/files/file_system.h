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
std::string describe_errno(Errno error);

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

  virtual SystemResult<struct stat> lstat(const std::string& path) = 0;
  virtual SystemResult<struct stat> stat(const std::string& path) = 0;
  // The content of a symbolic link, whole.
  virtual SystemResult<std::string> read_link(const std::string& path) = 0;
  // `mode` as access(2) takes it: F_OK or R_OK | W_OK | X_OK, judged for the real user.
  virtual SystemResult<void> access(const std::string& path, int mode) = 0;

  // Opens a file, always close-on-exec. `permissions` matter only with O_CREAT.
  virtual SystemResult<FileDescriptor> open(const std::string& path, int flags, mode_t permissions) = 0;
  // Replaces the last six characters (XXXXXX) of `path` and creates that file, open for reading and writing, mode 0600.
  virtual SystemResult<FileDescriptor> create_temporary(std::string& path) = 0;
  virtual SystemResult<struct stat> stat_open(const FileDescriptor& file) = 0;
  // Reads at most `capacity` bytes from the current position; 0 at the end of the file.
  virtual SystemResult<std::size_t> read(const FileDescriptor& file, char* buffer, std::size_t capacity) = 0;
  // Writes at the current position; may write less than asked.
  virtual SystemResult<std::size_t> write(const FileDescriptor& file, std::string_view bytes) = 0;
  virtual SystemResult<void> truncate(const FileDescriptor& file, off_t length) = 0;
  virtual SystemResult<void> synchronize(const FileDescriptor& file) = 0;

  virtual SystemResult<void> unlink(const std::string& path) = 0;
  virtual SystemResult<void> rename(const std::string& from, const std::string& to) = 0;
  virtual SystemResult<void> make_directory(const std::string& path, mode_t permissions) = 0;
  virtual SystemResult<void> remove_directory(const std::string& path) = 0;
  // Makes `link` a symbolic link with the content `target`.
  virtual SystemResult<void> symlink(const std::string& target, const std::string& link) = 0;
  // Makes `link` another name of `target`; a target that is itself a symbolic link is not followed.
  virtual SystemResult<void> link(const std::string& target, const std::string& link) = 0;
  virtual SystemResult<void> change_mode(const std::string& path, mode_t permissions) = 0;
  virtual SystemResult<void> change_owner(const std::string& path, uid_t user, gid_t group) = 0;
  // Follows symbolic links.
  virtual SystemResult<void> set_times(const std::string& path, const FileTimes& times) = 0;
  // All names in a directory, with "." and "..", in the kernel's order.
  virtual SystemResult<std::vector<std::string>> list_directory(const std::string& path) = 0;

  virtual SystemResult<std::string> working_directory() = 0;
  virtual SystemResult<void> change_working_directory(const std::string& path) = 0;
};

// The real file system. Each call to the kernel is a point of its own (files/lstat and so on): a planned fault takes
// the place of the call.
class SystemFileSystem : public FileSystem {
 public:
  enum class WorkingDirectoryOwner {
    // The working directory is the process's own: right for a worker that is a process.
    process,
    // This object has a working directory of its own, at first the process's at the time of the first change; the
    // process's stays as it is. Right for workers that are threads of one process.
    object,
  };

  // `context`: whose calls these are, for fault plans.
  explicit SystemFileSystem(WorkingDirectoryOwner owner = WorkingDirectoryOwner::process,
                            points::WorkerContext context = {})
      : owner_(owner), context_(context) {}

  SystemResult<struct stat> lstat(const std::string& path) override;
  SystemResult<struct stat> stat(const std::string& path) override;
  SystemResult<std::string> read_link(const std::string& path) override;
  SystemResult<void> access(const std::string& path, int mode) override;
  SystemResult<FileDescriptor> open(const std::string& path, int flags, mode_t permissions) override;
  SystemResult<FileDescriptor> create_temporary(std::string& path) override;
  SystemResult<struct stat> stat_open(const FileDescriptor& file) override;
  SystemResult<std::size_t> read(const FileDescriptor& file, char* buffer, std::size_t capacity) override;
  SystemResult<std::size_t> write(const FileDescriptor& file, std::string_view bytes) override;
  SystemResult<void> truncate(const FileDescriptor& file, off_t length) override;
  SystemResult<void> synchronize(const FileDescriptor& file) override;
  SystemResult<void> unlink(const std::string& path) override;
  SystemResult<void> rename(const std::string& from, const std::string& to) override;
  SystemResult<void> make_directory(const std::string& path, mode_t permissions) override;
  SystemResult<void> remove_directory(const std::string& path) override;
  SystemResult<void> symlink(const std::string& target, const std::string& link) override;
  SystemResult<void> link(const std::string& target, const std::string& link) override;
  SystemResult<void> change_mode(const std::string& path, mode_t permissions) override;
  SystemResult<void> change_owner(const std::string& path, uid_t user, gid_t group) override;
  SystemResult<void> set_times(const std::string& path, const FileTimes& times) override;
  SystemResult<std::vector<std::string>> list_directory(const std::string& path) override;
  SystemResult<std::string> working_directory() override;
  SystemResult<void> change_working_directory(const std::string& path) override;

 private:
  // Where relative paths start: AT_FDCWD, or the directory that this object holds open.
  int base() const;
  // Visits the point and makes the call, again for as long as a signal interrupts it (a planned EINTR does so, too).
  template <typename Call>
  auto attempt(points::Name point, Call call) const;

  WorkingDirectoryOwner owner_;
  points::WorkerContext context_;
  FileDescriptor working_directory_;
};

}  // namespace assay::reference
