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

inline void WriteFile(const std::string& path, const std::string& bytes = "x") {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void MakeLink(const std::string& content, const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  ASSERT_EQ(symlink(content.c_str(), path.c_str()), 0) << path;
}

// The real file system with a temporary folder for a root, as far as resolutions need one, so that tests may use the
// paths that the clauses name. Links in it have relative contents (the kernel would follow absolute ones out of the
// folder). Records each probe.
class RootedFileSystem : public SystemFileSystem {
 public:
  std::string Outside(const std::string& path) const { return root_.path() + path; }
  void File(const std::string& path) { WriteFile(Outside(path)); }
  void Directory(const std::string& path) { std::filesystem::create_directories(Outside(path)); }
  void SymbolicLink(const std::string& content, const std::string& path) { MakeLink(content, Outside(path)); }
  void RemoveAll(const std::string& path) { std::filesystem::remove_all(Outside(path)); }

  SystemResult<struct stat> Lstat(const std::string& path) override {
    calls.push_back("lstat " + path);
    return SystemFileSystem::Lstat(Outside(path));
  }
  SystemResult<std::string> ReadLink(const std::string& path) override {
    calls.push_back("readlink " + path);
    return SystemFileSystem::ReadLink(Outside(path));
  }
  SystemResult<std::string> WorkingDirectory() override {
    if (working_directory.empty()) return tl::unexpected<Errno>(Errno{ENOENT});
    return working_directory;
  }

  std::vector<std::string> calls;
  std::string working_directory = "/";  // empty: it has been removed

 private:
  TemporaryFolder root_;
};

}  // namespace assay::reference
