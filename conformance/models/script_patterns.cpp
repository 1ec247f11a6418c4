#include "conformance/models/script_patterns.h"

#include <algorithm>
#include <string_view>

namespace assay::conformance {

namespace {

// From the beginning of the path, and perhaps not to its end.
bool matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern.starts_with('*')) {
    const bool deep = pattern.starts_with("**");
    pattern.remove_prefix(deep ? 2 : 1);
    for (std::size_t run = 0;; ++run) {
      if (matches(pattern, path.substr(run))) return true;
      if (run == path.size() || (!deep && path[run] == '/')) return false;
    }
  }
  const bool same = !path.empty() && (pattern[0] == path[0] || (pattern[0] == '?' && path[0] != '/'));
  return same && matches(pattern.substr(1), path.substr(1));
}

bool stands_as_it_is(const std::string& line, const FileSystemModel& files) {
  if (!line.starts_with('/') || line.ends_with(' ')) return false;
  if ((line + "/").find("/./") != std::string::npos || (line + "/").find("/../") != std::string::npos) return false;
  if (line.find("//") != std::string::npos || line.find_first_of("\"\r\t") != std::string::npos) return false;
  for (std::size_t slash = line.find('/', 1); slash != std::string::npos; slash = line.find('/', slash + 1))
    if (files.walk(line.substr(0, slash), false).is(FileSystemModel::Node::Kind::link)) return false;
  return !files.walk(line, false).is(FileSystemModel::Node::Kind::link);
}

}  // namespace

bool excludes(const std::string& pattern, const std::string& path) {
  return matches(pattern, path);
}

std::optional<std::vector<std::string>> patterns_of(const std::string& list, const FileSystemModel& files) {
  std::vector<std::string> patterns;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find('\n', begin), list.size());
    const std::string line = list.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || line.starts_with(';')) continue;
    if (!stands_as_it_is(line, files)) return std::nullopt;
    patterns.push_back(line);
  }
  return patterns;
}

}  // namespace assay::conformance
