// The operations of PathOperations that hand their path to the kernel as it is (RP-USE-02, RP-CLR-05), and the two that
// make links (RP-USE-08).
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "reference/realpath_cache/operation_arguments.h"
#include "reference/realpath_cache/path_operations.h"

namespace assay::reference {
namespace {

// An absolute path without empty components, "." and "..", by its text alone.
std::string lexically_normal(std::string_view absolute) {
  std::string normal;
  while (!absolute.empty()) {
    const std::size_t end = std::min(absolute.find('/'), absolute.size());
    const std::string_view component = absolute.substr(0, end);
    absolute.remove_prefix(std::min(end + 1, absolute.size()));
    if (component.empty() || component == ".") continue;
    if (component == "..") {
      normal.resize(normal.empty() ? 0 : normal.rfind('/'));
    } else {
      normal.append("/").append(component);
    }
  }
  return normal.empty() ? "/" : normal;
}

// What stands before the last component, with its slash; slashes at the end of the path do not count.
std::string directory_part(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path.substr(0, path.rfind('/') + 1));
}

}  // namespace

bool PathOperations::allows(std::string_view path, int access_mode) {
  return !has_nul_byte(path) && files_.access(std::string(without_file_scheme(path)), access_mode).has_value();
}

bool PathOperations::file_exists(std::string_view path) {
  return allows(path, F_OK);
}
bool PathOperations::is_readable(std::string_view path) {
  return allows(path, R_OK);
}
bool PathOperations::is_writable(std::string_view path) {
  return allows(path, W_OK);
}
bool PathOperations::is_executable(std::string_view path) {
  return allows(path, X_OK);
}

bool PathOperations::is_file(std::string_view path) {
  const auto status = stat(path);
  return status && S_ISREG(status->st_mode);
}

bool PathOperations::is_dir(std::string_view path) {
  const auto status = stat(path);
  return status && S_ISDIR(status->st_mode);
}

bool PathOperations::is_link(std::string_view path) {
  const auto status = lstat(path);
  return status && S_ISLNK(status->st_mode);
}

OperationResult<struct stat> PathOperations::stat(std::string_view path) {
  if (has_nul_byte(path)) return failed("stat", path, Errno{ENOENT});
  return as_operation_result(files_.stat(std::string(without_file_scheme(path))), "stat", path);
}

OperationResult<struct stat> PathOperations::lstat(std::string_view path) {
  if (has_nul_byte(path)) return failed("lstat", path, Errno{ENOENT});
  return as_operation_result(files_.lstat(std::string(without_file_scheme(path))), "lstat", path);
}

OperationResult<std::int64_t> PathOperations::filemtime(std::string_view path) {
  return stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_mtim.tv_sec); });
}

OperationResult<std::int64_t> PathOperations::filesize(std::string_view path) {
  return stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_size); });
}

OperationResult<std::int64_t> PathOperations::fileinode(std::string_view path) {
  return stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_ino); });
}

OperationResult<std::string> PathOperations::read_link(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("readlink");
  return as_operation_result(files_.read_link(std::string(path)), "readlink", path);
}

OperationResult<void> PathOperations::unlink(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("unlink");
  auto removed = files_.unlink(std::string(without_file_scheme(path)));
  if (removed) cache_.clear();
  return as_operation_result(removed, "unlink", path);
}

OperationResult<void> PathOperations::rmdir(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("rmdir");
  auto removed = files_.remove_directory(std::string(without_file_scheme(path)));
  if (removed) cache_.clear();
  return as_operation_result(removed, "rmdir", path);
}

OperationResult<void> PathOperations::rename(std::string_view from, std::string_view to) {
  if (has_nul_byte(from) || has_nul_byte(to)) return nul_byte_in("rename");
  const std::string old_name(without_file_scheme(from));
  const std::string new_name(without_file_scheme(to));
  const auto renamed = files_.rename(old_name, new_name);
  if (renamed) {
    cache_.clear();
    return {};
  }
  if (renamed.error().number == EXDEV) return move_to_other_file_system(old_name, new_name);
  return failed("rename", from, renamed.error());
}

OperationResult<void> PathOperations::move_to_other_file_system(const std::string& from, const std::string& to) {
  const auto status = files_.stat(from);
  if (!status || S_ISDIR(status->st_mode)) return failed("rename", from, Errno{EXDEV});
  if (auto copied = copy(from, to); !copied) return copied;
  // The copy takes on the original's owner and mode as far as the worker may set them.
  if (files_.change_owner(to, status->st_uid, status->st_gid)) (void)files_.change_mode(to, status->st_mode & 07777);
  return as_operation_result(files_.unlink(from), "rename", from);
}

OperationResult<void> PathOperations::mkdir(std::string_view path, mode_t permissions, bool recursive) {
  if (has_nul_byte(path)) return nul_byte_in("mkdir");
  const std::string_view local = without_file_scheme(path);
  if (!recursive || local.empty())
    return as_operation_result(files_.make_directory(std::string(local), permissions), "mkdir", path);
  const auto absolute = resolver_.raw_path(local);
  if (!absolute) return failed("mkdir", path, absolute.error());
  return make_with_parents(lexically_normal(*absolute), permissions);
}

OperationResult<void> PathOperations::make_with_parents(const std::string& path, mode_t permissions) {
  std::size_t existing = path.size();
  while (existing > 1 && !files_.stat(path.substr(0, existing))) existing = path.rfind('/', existing - 1);
  if (existing == path.size()) return failed("mkdir", path, Errno{EEXIST});
  for (std::size_t end = existing; end != path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const auto made = files_.make_directory(path.substr(0, end), permissions);
    // A parent that somebody else has made meanwhile serves as well.
    if (!made && (end == path.size() || made.error().number != EEXIST)) return failed("mkdir", path, made.error());
  }
  return {};
}

OperationResult<void> PathOperations::touch(std::string_view path, std::optional<FileTimes> times) {
  if (has_nul_byte(path)) return nul_byte_in("touch");
  const std::string local(without_file_scheme(path));
  if (!files_.access(local, F_OK)) {
    const auto created = files_.open(local, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (!created) return failed("touch", path, created.error());
  }
  constexpr FileTimes kNow{{0, UTIME_NOW}, {0, UTIME_NOW}};
  return as_operation_result(files_.set_times(local, times.value_or(kNow)), "touch", path);
}

OperationResult<void> PathOperations::chmod(std::string_view path, mode_t permissions) {
  if (has_nul_byte(path)) return nul_byte_in("chmod");
  return as_operation_result(files_.change_mode(std::string(without_file_scheme(path)), permissions), "chmod", path);
}

OperationResult<void> PathOperations::chdir(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("chdir");
  return as_operation_result(files_.change_working_directory(std::string(path)), "chdir", path);
}

OperationResult<std::string> PathOperations::getcwd() {
  return as_operation_result(files_.working_directory(), "getcwd", "");
}

OperationResult<std::vector<std::string>> PathOperations::scandir(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("scandir");
  if (path.empty()) return empty_path_in("scandir");
  auto names = as_operation_result(files_.list_directory(std::string(without_file_scheme(path))), "scandir", path);
  if (names) std::sort(names->begin(), names->end());
  return names;
}

OperationResult<void> PathOperations::symlink(std::string_view target, std::string_view link) {
  if (has_nul_byte(target) || has_nul_byte(link)) return nul_byte_in("symlink");
  if (link.empty()) return failed("symlink", link, Errno{ENOENT});
  const auto new_name = resolver_.resolve(link, ResolutionMode::lenient);
  if (!new_name) return failed("symlink", link, Errno{ENOENT});
  // A relative target starts where the link will stand. Its resolution only has to succeed: the link gets the text.
  const bool relative = target.empty() || target.front() != '/';
  const std::string absolute = (relative ? directory_part(*new_name) : std::string()).append(target);
  if (!resolver_.resolve(absolute, ResolutionMode::lenient)) return failed("symlink", target, Errno{ENOENT});
  return as_operation_result(files_.symlink(std::string(target), *new_name), "symlink", link);
}

OperationResult<void> PathOperations::link(std::string_view target, std::string_view link) {
  if (has_nul_byte(target) || has_nul_byte(link)) return nul_byte_in("link");
  if (link.empty()) return failed("link", link, Errno{ENOENT});
  const auto new_name = resolver_.resolve(link, ResolutionMode::lenient);
  if (!new_name) return failed("link", link, Errno{ENOENT});
  if (target.empty() || !resolver_.resolve(target, ResolutionMode::lenient))
    return failed("link", target, Errno{ENOENT});
  return as_operation_result(files_.link(std::string(target), std::string(link)), "link", link);
}

}  // namespace assay::reference
