#include "reference/config/blacklist.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace assay::reference {
namespace {

namespace fs = std::filesystem;

// `?`: one character; `*`: any run of them; neither goes past a slash, as `**` does. What is left of the path does not
// matter.
bool is_beginning(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern[0] == '*') {
    const bool crosses = pattern.starts_with("**");
    const std::string_view rest = pattern.substr(crosses ? 2 : 1);
    for (std::size_t run = 0;; ++run) {
      if (is_beginning(rest, path.substr(run))) return true;
      if (run == path.size() || (path[run] == '/' && !crosses)) return false;
    }
  }
  if (path.empty()) return false;
  const bool same = pattern[0] == '?' ? path[0] != '/' : pattern[0] == path[0];
  return same && is_beginning(pattern.substr(1), path.substr(1));
}

// Scripts are compared by their resolved paths, so links in what exists of the pattern are followed.
std::string resolved(const std::string& pattern, const std::string& directory) {
  std::error_code code;
  fs::path path = fs::weakly_canonical(fs::path(directory) / pattern, code);
  if (code) path = (fs::path(directory) / pattern).lexically_normal();
  std::string text = path.string();
  if (pattern.ends_with('/') && !text.ends_with('/')) text += '/';
  return text;
}

}  // namespace

Blacklist::Blacklist(const std::vector<std::string>& lines, const std::string& directory) {
  for (const std::string& line : lines) add(line, directory);
}

Blacklist Blacklist::read(const std::string& files) {
  Blacklist blacklist;
  glob_t found{};
  if (::glob(files.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const fs::path list(found.gl_pathv[i]);
      std::ifstream file(list);
      for (std::string line; std::getline(file, line);) blacklist.add(line, list.parent_path().string());
      ++blacklist.lists_;
    }
  }
  ::globfree(&found);
  return blacklist;
}

void Blacklist::add(std::string line, const std::string& directory) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  if (line.starts_with(';')) return;
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (!line.empty()) patterns_.push_back(resolved(line, directory));
}

bool Blacklist::excludes(std::string_view resolved_path) const {
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return is_beginning(pattern, resolved_path); });
}

}  // namespace assay::reference
