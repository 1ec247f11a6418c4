#include "conformance/adapters/php/lock_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

namespace assay::conformance::php {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  fs::path descriptor;
  fs::path target;  // where the link leads, for people
  ino_t inode = 0;
};

bool has_no_name(const struct stat& status) {
  return S_ISREG(status.st_mode) && status.st_nlink == 0;
}

std::vector<Candidate> nameless_files(const fs::path& folder) {
  std::vector<Candidate> found;
  std::error_code code;
  for (auto entry = fs::directory_iterator(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    struct stat status = {};
    // A descriptor may have been closed meanwhile.
    if (::stat(entry->path().c_str(), &status) != 0 || !has_no_name(status)) continue;
    std::error_code ignored;
    found.push_back({entry->path(), fs::read_symlink(entry->path(), ignored), status.st_ino});
  }
  return found;
}

// A line of /proc/locks: "7: POSIX  ADVISORY  READ 4711 08:01:1234 1 1".
bool is_locked(const Candidate& file) {
  const std::string inode = fmt::format(":{} ", file.inode);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    if (line.find("POSIX") != std::string::npos && line.find(inode) != std::string::npos) return true;
  }
  return false;
}

std::string names_of(const std::vector<Candidate>& files) {
  std::string text;
  for (const Candidate& file : files) text += (text.empty() ? "" : ", ") + file.target.string();
  return text;
}

}  // namespace

Expected<fs::path> find_lock_file(pid_t process) {
  const fs::path folder = fmt::format("/proc/{}/fd", process);
  const auto files = nameless_files(folder);
  if (files.size() == 1) return files.front().descriptor;
  for (const Candidate& file : files) {
    if (is_locked(file)) return file.descriptor;
  }
  if (files.empty())
    return failure(
        fmt::format("no file without a name is open in {}, so that there is no lock to find", folder.string()));
  return failure(fmt::format("which of the files without a name in {} is the lock cannot be told: {}", folder.string(),
                             names_of(files)));
}

}  // namespace assay::conformance::php
