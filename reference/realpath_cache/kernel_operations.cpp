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
std::string LexicallyNormal(std::string_view absolute) {
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
std::string DirectoryPart(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path.substr(0, path.rfind('/') + 1));
}

}  // namespace

bool PathOperations::Allows(std::string_view path, int access_mode) {
  return !HasNulByte(path) && files_.Access(std::string(WithoutFileScheme(path)), access_mode).has_value();
}

bool PathOperations::FileExists(std::string_view path) {
  return Allows(path, F_OK);
}
bool PathOperations::IsReadable(std::string_view path) {
  return Allows(path, R_OK);
}
bool PathOperations::IsWritable(std::string_view path) {
  return Allows(path, W_OK);
}
bool PathOperations::IsExecutable(std::string_view path) {
  return Allows(path, X_OK);
}

bool PathOperations::IsFile(std::string_view path) {
  const auto status = Stat(path);
  return status && S_ISREG(status->st_mode);
}

bool PathOperations::IsDir(std::string_view path) {
  const auto status = Stat(path);
  return status && S_ISDIR(status->st_mode);
}

bool PathOperations::IsLink(std::string_view path) {
  const auto status = Lstat(path);
  return status && S_ISLNK(status->st_mode);
}

OperationResult<struct stat> PathOperations::Stat(std::string_view path) {
  if (HasNulByte(path)) return Failed("stat", path, Errno{ENOENT});
  return AsOperationResult(files_.Stat(std::string(WithoutFileScheme(path))), "stat", path);
}

OperationResult<struct stat> PathOperations::Lstat(std::string_view path) {
  if (HasNulByte(path)) return Failed("lstat", path, Errno{ENOENT});
  return AsOperationResult(files_.Lstat(std::string(WithoutFileScheme(path))), "lstat", path);
}

OperationResult<std::int64_t> PathOperations::FileMTime(std::string_view path) {
  return Stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_mtim.tv_sec); });
}

OperationResult<std::int64_t> PathOperations::FileSize(std::string_view path) {
  return Stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_size); });
}

OperationResult<std::int64_t> PathOperations::FileInode(std::string_view path) {
  return Stat(path).map([](const struct stat& status) { return static_cast<std::int64_t>(status.st_ino); });
}

OperationResult<std::string> PathOperations::ReadLink(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("readlink");
  return AsOperationResult(files_.ReadLink(std::string(path)), "readlink", path);
}

OperationResult<void> PathOperations::Unlink(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("unlink");
  auto removed = files_.Unlink(std::string(WithoutFileScheme(path)));
  if (removed) cache_.Clear();
  return AsOperationResult(removed, "unlink", path);
}

OperationResult<void> PathOperations::RmDir(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("rmdir");
  auto removed = files_.RemoveDirectory(std::string(WithoutFileScheme(path)));
  if (removed) cache_.Clear();
  return AsOperationResult(removed, "rmdir", path);
}

OperationResult<void> PathOperations::Rename(std::string_view from, std::string_view to) {
  if (HasNulByte(from) || HasNulByte(to)) return NulByteIn("rename");
  const std::string old_name(WithoutFileScheme(from));
  const std::string new_name(WithoutFileScheme(to));
  const auto renamed = files_.Rename(old_name, new_name);
  if (renamed) {
    cache_.Clear();
    return {};
  }
  if (renamed.error().number == EXDEV) return MoveToOtherFileSystem(old_name, new_name);
  return Failed("rename", from, renamed.error());
}

OperationResult<void> PathOperations::MoveToOtherFileSystem(const std::string& from, const std::string& to) {
  const auto status = files_.Stat(from);
  if (!status || S_ISDIR(status->st_mode)) return Failed("rename", from, Errno{EXDEV});
  if (auto copied = Copy(from, to); !copied) return copied;
  // The copy takes on the original's owner and mode as far as the worker may set them.
  if (files_.ChangeOwner(to, status->st_uid, status->st_gid)) (void)files_.ChangeMode(to, status->st_mode & 07777);
  return AsOperationResult(files_.Unlink(from), "rename", from);
}

OperationResult<void> PathOperations::MkDir(std::string_view path, mode_t permissions, bool recursive) {
  if (HasNulByte(path)) return NulByteIn("mkdir");
  const std::string_view local = WithoutFileScheme(path);
  if (!recursive || local.empty())
    return AsOperationResult(files_.MakeDirectory(std::string(local), permissions), "mkdir", path);
  const auto absolute = resolver_.RawPath(local);
  if (!absolute) return Failed("mkdir", path, absolute.error());
  return MakeWithParents(LexicallyNormal(*absolute), permissions);
}

OperationResult<void> PathOperations::MakeWithParents(const std::string& path, mode_t permissions) {
  std::size_t existing = path.size();
  while (existing > 1 && !files_.Stat(path.substr(0, existing))) existing = path.rfind('/', existing - 1);
  if (existing == path.size()) return Failed("mkdir", path, Errno{EEXIST});
  for (std::size_t end = existing; end != path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const auto made = files_.MakeDirectory(path.substr(0, end), permissions);
    // A parent that somebody else has made meanwhile serves as well.
    if (!made && (end == path.size() || made.error().number != EEXIST)) return Failed("mkdir", path, made.error());
  }
  return {};
}

OperationResult<void> PathOperations::Touch(std::string_view path, std::optional<FileTimes> times) {
  if (HasNulByte(path)) return NulByteIn("touch");
  const std::string local(WithoutFileScheme(path));
  if (!files_.Access(local, F_OK)) {
    const auto created = files_.Open(local, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (!created) return Failed("touch", path, created.error());
  }
  constexpr FileTimes kNow{{0, UTIME_NOW}, {0, UTIME_NOW}};
  return AsOperationResult(files_.SetTimes(local, times.value_or(kNow)), "touch", path);
}

OperationResult<void> PathOperations::ChMod(std::string_view path, mode_t permissions) {
  if (HasNulByte(path)) return NulByteIn("chmod");
  return AsOperationResult(files_.ChangeMode(std::string(WithoutFileScheme(path)), permissions), "chmod", path);
}

OperationResult<void> PathOperations::ChDir(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("chdir");
  return AsOperationResult(files_.ChangeWorkingDirectory(std::string(path)), "chdir", path);
}

OperationResult<std::string> PathOperations::GetCwd() {
  return AsOperationResult(files_.WorkingDirectory(), "getcwd", "");
}

OperationResult<std::vector<std::string>> PathOperations::ScanDir(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("scandir");
  if (path.empty()) return EmptyPathIn("scandir");
  auto names = AsOperationResult(files_.ListDirectory(std::string(WithoutFileScheme(path))), "scandir", path);
  if (names) std::sort(names->begin(), names->end());
  return names;
}

OperationResult<void> PathOperations::SymLink(std::string_view target, std::string_view link) {
  if (HasNulByte(target) || HasNulByte(link)) return NulByteIn("symlink");
  if (link.empty()) return Failed("symlink", link, Errno{ENOENT});
  const auto new_name = resolver_.Resolve(link, ResolutionMode::kLenient);
  if (!new_name) return Failed("symlink", link, Errno{ENOENT});
  // A relative target starts where the link will stand. Its resolution only has to succeed: the link gets the text.
  const bool relative = target.empty() || target.front() != '/';
  const std::string absolute = (relative ? DirectoryPart(*new_name) : std::string()).append(target);
  if (!resolver_.Resolve(absolute, ResolutionMode::kLenient)) return Failed("symlink", target, Errno{ENOENT});
  return AsOperationResult(files_.Symlink(std::string(target), *new_name), "symlink", link);
}

OperationResult<void> PathOperations::Link(std::string_view target, std::string_view link) {
  if (HasNulByte(target) || HasNulByte(link)) return NulByteIn("link");
  if (link.empty()) return Failed("link", link, Errno{ENOENT});
  const auto new_name = resolver_.Resolve(link, ResolutionMode::kLenient);
  if (!new_name) return Failed("link", link, Errno{ENOENT});
  if (target.empty() || !resolver_.Resolve(target, ResolutionMode::kLenient))
    return Failed("link", target, Errno{ENOENT});
  return AsOperationResult(files_.Link(std::string(target), std::string(link)), "link", link);
}

}  // namespace assay::reference
