#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::reference {

// The patterns of paths that are never stored (SC-EXC-01, SC-EXC-02). A plain value; read once, when the cache starts.
class Blacklist {
 public:
  Blacklist() = default;
  // Patterns as a list would have them; relative ones are of `directory`.
  Blacklist(const std::vector<std::string>& lines, const std::string& directory);

  // `files` is the name of one list or a pattern of names (glob). A list that cannot be read has no patterns.
  static Blacklist read(const std::string& files);
  // How many lists there were.
  int lists() const { return lists_; }

  // In the order of the lists, as they are compared.
  const std::vector<std::string>& patterns() const { return patterns_; }
  // Whether a resolved path begins with what some pattern means.
  bool excludes(std::string_view resolved_path) const;

 private:
  void add(std::string line, const std::string& directory);

  std::vector<std::string> patterns_;
  int lists_ = 0;
};

}  // namespace assay::reference
