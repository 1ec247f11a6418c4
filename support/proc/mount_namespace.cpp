#include "support/proc/mount_namespace.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "support/file_descriptor.h"

namespace assay {
namespace fs = std::filesystem;
namespace {

// glibc has wrappers since 2.36, and then <linux/mount.h> beside <sys/mount.h> is an error: by number, then.
constexpr unsigned long kRecursive = 16384, kPrivate = 1ul << 18, kNoSetuid = 2, kNoDevices = 4;
constexpr unsigned kWholeTree = 0x8000;  // AT_RECURSIVE

tl::unexpected<Error> refused(const std::string& what) {
  return refusal(what + ": " + std::strerror(errno));
}

Expected<void> write_to(const char* file, const std::string& text) {
  std::ofstream stream(file);
  stream << text << std::flush;
  return stream ? Expected<void>() : refused(file);
}

std::string onto_itself(unsigned number) {
  return std::to_string(number) + " " + std::to_string(number) + " 1";
}

// Root has the right to mount; everybody else gets it in a user namespace, and stays who they are.
Expected<void> enter_namespaces() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return refused("a mount namespace");
  if (user == 0) return {};
  ASSAY_TRY(write_to("/proc/self/setgroups", "deny"));
  ASSAY_TRY(write_to("/proc/self/uid_map", onto_itself(user)));
  return write_to("/proc/self/gid_map", onto_itself(group));
}

Expected<void> set_read_only(const char* path, unsigned flags, bool read_only) {
  mount_attr attributes{};
  (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  if (::syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) != 0)
    return refused(std::string("making ") + path + (read_only ? " read-only" : " writable"));
  return {};
}

Expected<void> mount_fresh(const char* path) {
  if (!fs::is_directory(path)) return {};
  if (::syscall(SYS_mount, "tmpfs", path, "tmpfs", kNoSetuid | kNoDevices, "mode=1777") != 0)
    return refused(std::string("a file system of its own on ") + path);
  return {};
}

constexpr const char* kCommon[] = {"/tmp", "/dev/shm"};

bool is_beneath_common(const fs::path& path) {
  return std::any_of(std::begin(kCommon), std::end(kCommon),
                     [&](const std::string& common) { return path.string().starts_with(common + "/"); });
}

struct Kept {
  fs::path path;
  bool is_folder;
  FileDescriptor mount;
};

// As it is mounted now: read-only where that is.
Expected<std::vector<Kept>> keep(const std::vector<fs::path>& paths) {
  std::vector<Kept> kept;
  for (const fs::path& path : paths) {
    FileDescriptor mount(static_cast<int>(
        ::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | kWholeTree)));
    if (!mount.is_open()) return refused("a mount of " + path.string());
    kept.push_back({path, fs::is_directory(path), std::move(mount)});
  }
  return kept;
}

// Where a fresh folder covers it.
void make_place_for(const Kept& one) {
  std::error_code code;
  fs::create_directories(one.is_folder ? one.path : one.path.parent_path(), code);
  if (!one.is_folder && !fs::exists(one.path, code)) std::ofstream(one.path).flush();
}

Expected<void> put_back(const std::vector<Kept>& kept) {
  for (const Kept& one : kept) {
    make_place_for(one);
    if (::syscall(SYS_move_mount, one.mount.get(), "", AT_FDCWD, one.path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
      return refused("mounting " + one.path.string());
  }
  return {};
}

Expected<void> confine(const std::vector<fs::path>& writable, CommonFolders common,
                       const std::vector<fs::path>& visible) {
  ASSAY_TRY(enter_namespaces());
  if (::syscall(SYS_mount, nullptr, "/", nullptr, kRecursive | kPrivate, nullptr) != 0)
    return refused("mounts of its own");
  const auto kept = ASSAY_TRY(keep(writable));
  ASSAY_TRY(set_read_only("/", kWholeTree, true));
  ASSAY_TRY(set_read_only("/proc", 0, false));  // the memory of traced processes is written there
  if (common == CommonFolders::fresh) {
    const auto seen = ASSAY_TRY(keep(visible));
    for (const char* path : kCommon) ASSAY_TRY(mount_fresh(path));
    ASSAY_TRY(put_back(seen));
  }
  return put_back(kept);
}

// A child tries it first: what has begun cannot be taken back.
Expected<void> try_in_child(const std::vector<fs::path>& writable, CommonFolders common,
                            const std::vector<fs::path>& visible) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return refused("a pipe");
  const FileDescriptor from(ends[0]);
  FileDescriptor to(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return refused("a process");
  if (child == 0) {
    const auto confined = confine(writable, common, visible);
    if (!confined && ::write(to.get(), confined.error().message.data(), confined.error().message.size()) < 0)
      ::_exit(2);
    ::_exit(confined ? 0 : 1);
  }
  to = FileDescriptor();
  std::string why;
  char buffer[512];
  for (ssize_t got; (got = ::read(from.get(), buffer, sizeof buffer)) > 0;)
    why.append(buffer, static_cast<std::size_t>(got));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status == 0) return {};
  return refusal(why.empty() ? "a mount namespace" : why);
}

}  // namespace

Expected<void> make_all_read_only_but(const std::vector<fs::path>& writable, CommonFolders common,
                                      const std::vector<fs::path>& visible) {
  // Outside of the common folders everything stays to be seen.
  std::vector<fs::path> hidden;
  std::copy_if(visible.begin(), visible.end(), std::back_inserter(hidden),
               [](const fs::path& path) { return is_beneath_common(path) && fs::exists(path); });
  ASSAY_TRY(try_in_child(writable, common, hidden));
  const fs::path here = fs::current_path();
  ASSAY_TRY(confine(writable, common, hidden));
  std::error_code code;
  fs::current_path(here, code);  // else it stays on the mount that /tmp covered
  return {};
}

}  // namespace assay
