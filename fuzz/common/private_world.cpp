#include "fuzz/common/private_world.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

namespace assay::fuzz {
namespace fs = std::filesystem;
namespace {

// Whoever was started by a confined process (libFuzzer's merge, minimisation) is confined already.
constexpr const char* kConfined = "ASSAY_FUZZ_CONFINED";

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "fuzz: cannot %s: %s; check TMPDIR\n", what, std::strerror(errno));
  std::exit(70);
}

bool write_text(const char* file, const std::string& text) {
  const int descriptor = ::open(file, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(descriptor);
  return done;
}

// Root needs no user namespace; others keep their number in one.
bool enter_namespaces() {
  if (::geteuid() == 0) return ::unshare(CLONE_NEWNS) == 0;
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  return write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", fmt::format("{0} {0} 1", user)) &&
         write_text("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
}

int set_read_only(const char* path, bool read_only, unsigned flags) {
  mount_attr attributes = {};
  (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  return static_cast<int>(::syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes));
}

// What the engine writes to: its output corpus, and the folder of its artifacts.
std::vector<fs::path> written_by_engine(int argc, char** argv) {
  constexpr std::string_view prefix = "-artifact_prefix=", exact = "-exact_artifact_path=",
                             merge = "-merge_control_file=";
  std::vector<fs::path> folders;
  std::error_code code;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(prefix))
      folders.push_back(fs::path(argument.substr(prefix.size())).parent_path());
    else if (argument.starts_with(exact))
      folders.push_back(fs::path(argument.substr(exact.size())).parent_path());
    else if (argument.starts_with(merge))
      folders.push_back(fs::path(argument.substr(merge.size())).parent_path());
    else if (!argument.starts_with('-') && fs::is_directory(argument, code))
      folders.push_back(argument);
  }
  return folders;
}

fs::path* folder_to_remove = nullptr;

void remove_world() {
  std::error_code code;
  if (folder_to_remove != nullptr) fs::remove_all(*folder_to_remove, code);
}

}  // namespace

PrivateWorld& PrivateWorld::of_process(int argc, char** argv) {
  static PrivateWorld* world = new PrivateWorld(argc, argv);
  return *world;
}

PrivateWorld::PrivateWorld(int argc, char** argv) {
  std::string name = (fs::temp_directory_path() / "assay-fuzz-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) give_up("make a folder");
  folder_ = fs::canonical(name);
  folder_to_remove = new fs::path(folder_);
  std::atexit(remove_world);
  for (const char* part : {"run", "tmp"}) fs::create_directory(folder_ / part);
  ::setenv("TMPDIR", (folder_ / "tmp").c_str(), 1);
  lay_canary();
  std::vector<fs::path> writable = written_by_engine(argc, argv);
  writable.push_back(folder_);
  is_confined_ = std::getenv(kConfined) != nullptr || confine(writable);
  if (is_confined_)
    ::setenv(kConfined, "1", 1);
  else
    std::fprintf(stderr, "fuzz: no mount namespace here: inputs whose links lead out of the sandbox are left out\n");
}

bool PrivateWorld::confine(const std::vector<fs::path>& writable) const {
  if (!enter_namespaces()) return false;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  for (const fs::path& folder : writable) {
    if (::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) != 0) return false;
  }
  if (set_read_only("/", true, AT_RECURSIVE) != 0) return false;
  for (const fs::path& folder : writable) {
    if (set_read_only(folder.c_str(), false, 0) != 0) return false;
  }
  return true;
}

void PrivateWorld::lay_canary() {
  const fs::path canary = folder_ / "canary";
  std::error_code code;
  fs::remove_all(canary, code);
  fs::create_directories(canary / "folder");
  std::ofstream(canary / "file") << "sings";
  std::ofstream(canary / "folder" / "file") << "<?php return 'sings too';";
  fs::create_hard_link(canary / "file", canary / "second-name");
  fs::create_symlink("file", canary / "link");
}

PrivateWorld::State PrivateWorld::look(const std::vector<fs::path>& also) const {
  State state;
  for (const char* name : {"", "tmp", "canary", "canary/file", "canary/folder", "canary/folder/file", "canary/link"})
    state.names.push_back(folder_ / name);
  state.names.insert(state.names.end(), also.begin(), also.end());
  for (const fs::path& name : state.names) {
    struct stat info = {};
    if (::lstat(name.c_str(), &info) != 0) info = {};
    state.seen.push_back(info);
  }
  return state;
}

// Whatever changes a file changes its ctime.
std::string PrivateWorld::State::difference(const State& later) const {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const struct stat &a = seen[i], &b = later.seen[i];
    const bool same = a.st_ino == b.st_ino && a.st_mode == b.st_mode && a.st_nlink == b.st_nlink &&
                      a.st_size == b.st_size && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
                      a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
    if (!same) return names[i].string() + " has changed";
  }
  return "";
}

}  // namespace assay::fuzz
