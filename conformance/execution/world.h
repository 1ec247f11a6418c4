#pragma once

#include <filesystem>
#include <string>

#include "conformance/vocabulary/action.h"
#include "support/error.h"

namespace assay::conformance {

// The file system side of the actions: what the suite changes behind the target's back, inside one sandbox.
class World {
 public:
  // `root` stands for "@". REQUIRES: it exists.
  explicit World(std::filesystem::path root) : root_(std::move(root)) {}

  // Carries out a file action at the virtual time `now` (seconds). Errors name the path and the cause.
  // REQUIRES: the action's feature is "files".
  Expected<void> apply(const Action& action, std::int64_t now) const;

  // The real path of a path that begins with "@"; others as they are.
  std::filesystem::path real(const std::string& path) const;

 private:
  Expected<void> write(const Action& action, std::int64_t now) const;
  Expected<void> swap_link(const Action& action) const;

  std::filesystem::path root_;
};

// Sets the modification (and access) time in whole seconds, without following a final link.
Expected<void> set_file_time(const std::filesystem::path& path, std::int64_t seconds);

}  // namespace assay::conformance
