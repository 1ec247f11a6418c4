#pragma once

#include <sys/types.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "support/error.h"
#include "support/file_descriptor.h"

namespace assay::conformance {

// The code of an error that says: the path leads out of the folder. Nothing was changed.
inline constexpr int leads_out = EXDEV;

// A folder, and paths below it that are resolved without ever leaving it: links inside it are followed as long as they
// stay inside; an absolute link, or a `..` above the folder, is an error with the code `leads_out`. What is resolved is
// held as a descriptor, so that whoever replaces a directory by a link meanwhile changes nothing.
//
// Used by one thread; other processes may change the folder at the same time. Other errors have the errno of the call
// as their code. The message of an error is the cause alone.
class ConfinedFolder {
 public:
  // `kernel`: openat2 resolves, and where the kernel has none, or a filter forbids it, as `steps`: one component at a
  // time, each relative to the descriptor of the one before, following no link but those that were read.
  enum class Way { kernel, steps };

  static Expected<ConfinedFolder> open(const std::filesystem::path& folder, Way way = Way::kernel);

  // Opens what the path names, as open(2) with these flags (O_CLOEXEC is added) and this mode. "" is the folder itself.
  // With O_NOFOLLOW a final link is not followed.
  Expected<FileDescriptor> open_at(const std::string& path, int flags, mode_t mode = 0) const;

  // The directory in which the last component of the path lies, and that component, which need not exist. An error
  // where the path has no name at its end ("", "..").
  struct Place {
    FileDescriptor folder;
    std::string name;
  };
  Expected<Place> place_of(const std::string& path) const;
  // The same; makes the directories that are missing.
  Expected<Place> make_place_of(const std::string& path) const;
  // Makes a directory and its parents, and opens it. One that is there is well.
  Expected<FileDescriptor> make_directory(const std::string& path) const;

  // Whether the open file has a name that is not below the folder (another hard link). Also where a directory inside
  // cannot be read, so that nobody can say.
  bool has_name_outside(int file) const;

 private:
  ConfinedFolder(FileDescriptor root, Way way) : root_(std::move(root)), way_(way) {}
  Expected<FileDescriptor> open_by_steps(const std::string& path, int flags, mode_t mode) const;

  FileDescriptor root_;
  Way way_;
};

}  // namespace assay::conformance
