#include "fuzz/common/private_world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include "support/files/remove_tree.h"
#include "support/proc/mount_namespace.h"

namespace assay::fuzz {
namespace fs = std::filesystem;
namespace {

// Whoever was started by a confined process (libFuzzer's merge, minimisation) is confined already.
constexpr const char* kConfined = "ASSAY_FUZZ_CONFINED";

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "fuzz: cannot %s: %s; check TMPDIR\n", what, std::strerror(errno));
  std::exit(70);
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

// Inside the mount namespace the folder is a mount, which cannot be removed. A process that stays outside waits until the
// other end of a pipe is closed, however its holder ends, and removes it.
class Cleaner {
 public:
  explicit Cleaner(const fs::path& folder) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) give_up("make a pipe");
    pid_ = ::fork();
    if (pid_ < 0) give_up("start a process");
    if (pid_ == 0) {
      ::close(ends[1]);
      wait_and_remove(ends[0], folder);
    }
    ::close(ends[0]);
    write_end_ = ends[1];
  }

  // Returns when the folder is gone.
  void finish() {
    if (::getpid() != owner_) return;
    ::close(write_end_);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  [[noreturn]] static void wait_and_remove(int read_end, const fs::path& folder) {
    // A Ctrl+C is for the one who waits.
    ::setsid();
    char byte;
    while (::read(read_end, &byte, 1) < 0 && errno == EINTR) {
    }
    remove_tree(folder);
    ::_exit(0);
  }

  pid_t owner_ = ::getpid(), pid_ = 0;
  int write_end_ = -1;
};

Cleaner* cleaner = nullptr;

void remove_world() {
  if (cleaner != nullptr) cleaner->finish();
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
  cleaner = new Cleaner(folder_);
  std::atexit(remove_world);
  for (const char* part : {"run", "tmp"}) fs::create_directory(folder_ / part);
  ::setenv("TMPDIR", (folder_ / "tmp").c_str(), 1);
  lay_canary();
  std::vector<fs::path> writable = written_by_engine(argc, argv);
  writable.push_back(folder_);
  is_confined_ =
      std::getenv(kConfined) != nullptr || make_all_read_only_but(writable, CommonFolders::shared).has_value();
  if (is_confined_)
    ::setenv(kConfined, "1", 1);
  else
    std::fprintf(stderr, "fuzz: no mount namespace here: inputs whose links lead out of the sandbox are left out\n");
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
