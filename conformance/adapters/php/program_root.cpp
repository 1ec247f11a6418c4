#include "conformance/adapters/php/program_root.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <initializer_list>

#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

namespace fs = std::filesystem;

// Steps of entering, in their order; the number of the first that is refused is the status of a trial.
constexpr const char* kSteps[] = {"a mount namespace",    "private mounts", "/proc", "/dev",
                                  "the temporary folder", "chroot"};

bool write_text(const char* path, const char* text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const auto size = static_cast<ssize_t>(std::strlen(text));
  const bool written = ::write(file, text, static_cast<std::size_t>(size)) == size;
  ::close(file);
  return written;
}

// The line "1000 1000 1" of /proc/self/uid_map: who asks keeps the own number. Without the C library's formatting, which may
// not be used between fork and exec.
void map_self(unsigned id, char* text) {
  char digits[16];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + id % 10);
  } while (id /= 10);
  for (int twice = 0; twice < 2; ++twice) {
    for (int at = count; at > 0;) *text++ = digits[--at];
    *text++ = ' ';
  }
  *text++ = '1';
  *text = '\0';
}

// As root directly; others need a user namespace, which some machines refuse.
bool own_mounts() {
  if (::unshare(CLONE_NEWNS) == 0) return true;
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  char line[40];
  map_self(user, line);
  if (!write_text("/proc/self/uid_map", line) || !write_text("/proc/self/setgroups", "deny")) return false;
  map_self(group, line);
  return write_text("/proc/self/gid_map", line);
}

bool show(const std::string& from, const std::string& to) {
  return ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

void complain(const char* step) {
  for (const char* part : {"assay: the PHP's root cannot be entered: refused: ", step, "\n"})
    (void)!::write(STDERR_FILENO, part, std::strlen(part));
}

std::string temporary_folder() {
  std::error_code code;
  const fs::path named = fs::temp_directory_path(code);
  const fs::path found = fs::canonical(code ? fs::path("/tmp") : named, code);
  return code ? "/tmp" : found.string();
}

}  // namespace

Result<ProgramRoot> ProgramRoot::of(const std::string& folder) {
  ProgramRoot root;
  std::error_code code;
  root.folder_ = fs::canonical(folder, code).string();
  if (code || !fs::is_directory(root.folder_, code))
    return unusable(folder, code ? code.message() : "this is no folder", "Name the folder of a system with root=PATH");
  for (auto [place, mounted] : {std::pair("/proc", &root.proc_), std::pair("/dev", &root.dev_)}) {
    *mounted = root.outside(place);
    if (!fs::is_directory(*mounted, code))
      return unusable(root.folder_,
                      fmt::format("there is no {} in it, so that this machine's cannot be shown there", place),
                      fmt::format("Make an empty folder {}{}", root.folder_, place));
  }
  // The nearest folder around the temporary one that is in both.
  fs::path shared = temporary_folder();
  while (shared != "/" && root.outside(shared.string()).empty()) shared = shared.parent_path();
  if (shared == "/")
    return unusable(root.folder_, fmt::format("{} has no counterpart in it", temporary_folder()),
                    "Make an empty folder of that name there, or set TMPDIR to one that is in both");
  root.shared_ = shared.string();
  root.shared_in_ = root.outside(root.shared_);

  const pid_t child = ::fork();
  if (child < 0) return fail_with_errno(errno, "cannot start a process", root.folder_);
  if (child == 0) ::_exit(root.enter() ? 0 : errno);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return root;
  return unusable(root.folder_, fmt::format("this user may not enter it: {}", std::strerror(WEXITSTATUS(status))),
                  "Run Assay as root, or where users may make user namespaces");
}

std::string ProgramRoot::outside(const std::string& path) const {
  if (is_machine()) return path;
  const FileDescriptor top(::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  const FileDescriptor found(static_cast<int>(::syscall(SYS_openat2, top.get(), path.c_str(), &how, sizeof how)));
  if (!found.is_open()) return "";
  std::error_code code;
  const fs::path target = fs::read_symlink(fmt::format("/proc/self/fd/{}", found.get()), code);
  return code ? "" : target.string();
}

bool ProgramRoot::enter() const {
  if (is_machine()) return true;
  int step = 0;
  const bool entered = own_mounts() && ++step && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                       ++step && show("/proc", proc_) && ++step && show("/dev", dev_) && ++step &&
                       show(shared_, shared_in_) && ++step && ::chroot(folder_.c_str()) == 0 && ::chdir("/") == 0;
  if (!entered) {
    const int reason = errno;
    complain(kSteps[step]);
    errno = reason;
  }
  return entered;
}

}  // namespace assay::conformance::php
