#pragma once

#include <filesystem>
#include <string>

#include "conformance/execution/confined_folder.h"
#include "conformance/vocabulary/action.h"
#include "support/error.h"

namespace assay::conformance {

// The file system side of the actions: what the suite changes behind the target's back, inside one sandbox and nowhere
// else. Used by one thread; the target may change the same files meanwhile.
//
// Whatever leads out of the sandbox is refused with an error of the code `leads_out` (confined_folder.h), and nothing
// is changed: a path without "@", "@/..", a path through a link that leads out, a file that has a name outside too (a
// hard link), even if a directory was replaced by a link a moment ago. Links that lead out can be made: they are for
// the target to follow.
class World {
 public:
  // What becomes of an absolute path in an action: `where_named` carries it out where it points. Other ways out are
  // refused all the same.
  enum class Outside { refused, where_named };

  // `root` stands for "@". REQUIRES: it exists.
  explicit World(std::filesystem::path root, Outside outside = Outside::refused);

  // Carries out a file action at the virtual time `now` (seconds). Errors name the path and the cause.
  // REQUIRES: the action's feature is "files".
  Expected<void> apply(const Action& action, std::int64_t now) const;

  // Whether there is anything of that name, a dangling link included. False where it cannot be asked.
  bool has(const std::string& path) const;
  // Removes a file, a link or a whole directory; that there is none is no error.
  Expected<void> remove(const std::string& path) const;

 private:
  bool is_named_outside(const std::string& path) const;
  Expected<std::string> below_root(const std::string& path) const;
  Expected<FileDescriptor> open_at(const std::string& path, int flags, mode_t mode = 0) const;
  Expected<FileDescriptor> open_to_change(const std::string& path, int flags, mode_t mode = 0) const;
  Expected<ConfinedFolder::Place> place_of(const std::string& path) const;
  Expected<void> make_directory(const std::string& path) const;
  Expected<void> make_parents(const std::string& path) const;
  Expected<void> act(const Action& action, std::int64_t now) const;
  Expected<void> write(const Action& action, std::int64_t now) const;
  Expected<void> make_link(const std::string& path, const std::string& target) const;
  Expected<void> swap_link(const std::string& path, const std::string& target) const;
  Expected<void> move(const std::string& from, const std::string& to) const;
  Expected<void> set_mtime(const std::string& path, std::int64_t seconds) const;
  Expected<void> set_mode(const std::string& path, mode_t mode) const;

  std::filesystem::path root_;
  Outside outside_;
  Expected<ConfinedFolder> sandbox_;
};

// Sets the modification (and access) time in whole seconds, without following a final link. For files that are no
// trace's.
Expected<void> set_file_time(const std::filesystem::path& path, std::int64_t seconds);

}  // namespace assay::conformance
