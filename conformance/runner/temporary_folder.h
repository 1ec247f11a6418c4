#pragma once

#include <filesystem>
#include <memory>

#include "support/error.h"

namespace assay::conformance {

// The one folder of a run of the suite: everything that the suite and its targets write lies in it. It is made below
// $TMPDIR; where that is not set, in /dev/shm if that is a file system in memory with a gibibyte of room, else in /tmp.
// Removed by the destructor of the process that made it. A folder left by a suite that was killed is recognised by its
// lock, which died with its owner, and removed by the next suite that starts.
class TemporaryFolder {
 public:
  static Expected<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  TemporaryFolder(std::filesystem::path path, int lock);
  std::filesystem::path path_;
  int lock_ = -1;
  int owner_ = 0;
};

}  // namespace assay::conformance
