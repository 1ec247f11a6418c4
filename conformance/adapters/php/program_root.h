#pragma once

#include <string>

#include "conformance/adapters/php/failure.h"

namespace assay::conformance::php {

// What a PHP takes for "/": the machine's own, or a folder with a system of its own (debootstrap, a container's files), which
// brings its own C library, extensions and command-line PHP. Its programs see this machine's /proc, /dev (with /dev/shm) and the
// folder in which sandboxes are made, under the same names, and nothing else of it. A value, for every thread.
class ProgramRoot {
 public:
  ProgramRoot() = default;  // the machine's own

  // unusable when the folder is none, lacks /proc, /dev or the temporary folder, or when this user may not enter it: tried in a
  // process of its own.
  static Result<ProgramRoot> of(const std::string& folder);

  bool is_machine() const { return folder_.empty(); }
  const std::string& folder() const { return folder_; }

  // Where a path of its own is for this process; absolute links lead into the folder, as its programs see them. Empty where
  // nothing is there.
  std::string outside(const std::string& path) const;

  // For the child of a fork, before it executes: enters the folder, in a mount namespace of its own, so that nothing stays mounted.
  // False where the kernel refuses, with what was refused on standard error. Async-signal-safe.
  bool enter() const;

 private:
  std::string folder_;                           // absolute, without links
  std::string proc_, dev_, shared_, shared_in_;  // what is mounted where
};

}  // namespace assay::conformance::php
