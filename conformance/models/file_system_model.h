#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "conformance/vocabulary/action.h"

namespace assay::conformance {

// Files, directories and links below one root, as the kernel sees them: no permissions, no mounts, no hard links. The
// ancestors of the root are directories with nothing else in them. All paths are absolute real texts ("@" replaced).
class FileSystemModel {
 public:
  struct Node {
    enum class Kind { file, directory, link };
    Kind kind = Kind::directory;
    std::string text;        // a file's content, a link's target
    std::int64_t mtime = 0;  // files
    bool readable = true;    // files, by everybody
  };

  // Where a walk along a path ended.
  struct Place {
    enum class Status { found, missing, not_directory, loop, too_long };
    Status status = Status::missing;
    std::string path;            // found: the canonical path; otherwise as far as it is known
    const Node* node = nullptr;  // found: the object
    bool creatable = false;      // missing: only the last name is missing, and `path` is where it would be
    bool found() const { return status == Status::found; }
    bool is(Node::Kind kind) const { return node && node->kind == kind; }
  };

  // REQUIRES: `root` is absolute and canonical.
  explicit FileSystemModel(std::string root);

  const std::string& root() const { return root_; }

  // As the kernel walks: every link on the way is followed, at most 40; the last one only where `follow` is set or a
  // slash comes after it.
  Place walk(const std::string& path, bool follow) const;
  // Whether some walk since the last call came to a name that is neither below the root nor on the way to it: the model
  // has nothing there, and the machine may have something.
  bool take_looked_outside() const { return std::exchange(has_looked_outside_, false); }

  // Each does what the system call does, and says whether it succeeded.
  bool write_file(const std::string& path, std::string content, std::int64_t mtime);  // open(O_CREAT | O_TRUNC)
  bool make_directory(const std::string& path);
  bool make_link(const std::string& path, std::string target);
  bool unlink(const std::string& path);
  bool remove_directory(const std::string& path);
  bool rename(const std::string& from, const std::string& to);
  bool set_mtime(const std::string& path, std::int64_t mtime);
  bool set_readable(const std::string& path, bool readable);

  // What the suite does from outside (files only; other actions change nothing). False for what is not modelled:
  // modes. `now` is the virtual time.
  bool apply(const Action& action, std::int64_t now);

 private:
  std::string real(const std::string& text) const;
  void replace(const std::string& path, Node node);
  bool is_empty(const std::string& directory) const;
  void make_parents(const std::string& path);
  void erase_tree(const std::string& path);

  std::string root_;
  mutable bool has_looked_outside_ = false;
  std::map<std::string, Node> nodes_;  // by canonical path; "/" is not listed
};

}  // namespace assay::conformance
