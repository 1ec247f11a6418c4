#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "reference/files/file_system.h"

namespace assay::reference {

// A temporary folder, removed with all that is in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::canonical(std::filesystem::temp_directory_path()).string() + "/assay-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void write_file(const std::string& path, const std::string& bytes = "x") {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void make_link(const std::string& content, const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  ASSERT_EQ(symlink(content.c_str(), path.c_str()), 0) << path;
}

// The real file system with a temporary folder for a root, as far as resolutions need one, so that tests may use the
// paths that the clauses name. Links in it have relative contents (the kernel would follow absolute ones out of the
// folder). Records each probe.
class RootedFileSystem : public SystemFileSystem {
 public:
  std::string outside(const std::string& path) const { return root_.path() + path; }
  void file(const std::string& path) { write_file(outside(path)); }
  void directory(const std::string& path) { std::filesystem::create_directories(outside(path)); }
  void symbolic_link(const std::string& content, const std::string& path) { make_link(content, outside(path)); }
  void remove_all(const std::string& path) { std::filesystem::remove_all(outside(path)); }

  SystemResult<struct stat> lstat(const std::string& path) override {
    calls.push_back("lstat " + path);
    return SystemFileSystem::lstat(outside(path));
  }
  SystemResult<std::string> read_link(const std::string& path) override {
    calls.push_back("readlink " + path);
    return SystemFileSystem::read_link(outside(path));
  }
  SystemResult<std::string> working_directory() override {
    if (current.empty()) return tl::unexpected<Errno>(Errno{ENOENT});
    return current;
  }

  std::vector<std::string> calls;
  std::string current = "/";  // the working directory; empty: it has been removed

 private:
  TemporaryFolder root_;
};

}  // namespace assay::reference
