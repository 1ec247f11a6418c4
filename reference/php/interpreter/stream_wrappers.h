#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace assay::reference::php {

// Which stream wrappers one request has: those that are always there, less what its scripts removed, and those of its
// scripts. Schemes are in lower case.
class StreamWrappers {
 public:
  // A wrapper of the scripts.
  struct Own {
    std::string class_name;
    bool is_url = false;  // then includes need allow_url_include
  };

  bool has(const std::string& scheme) const;
  // Of the scripts; nullptr: none.
  const Own* own(const std::string& scheme) const;
  // Whether the wrapper of plain files is the one that is always there.
  bool reads_plain_files() const { return has("file") && own("file") == nullptr; }
  std::vector<std::string> names() const;

  // False where the scheme is taken.
  bool add(const std::string& scheme, Own wrapper);
  // False where there is none.
  bool remove(const std::string& scheme);
  enum class Restored { done, never_changed, unknown };
  Restored restore(const std::string& scheme);

 private:
  std::map<std::string, Own> own_;
  std::set<std::string> removed_;  // of those that are always there
};

}  // namespace assay::reference::php
