#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/command/project_copy.h"
#include "conformance/mutation/planted_change.h"
#include "support/error.h"

namespace assay::conformance {

// The program with every generic change of the reference planted in it, in a folder that may be kept: the next build is
// incremental. One thread.
class OperatorBuild {
 public:
  // `with_subset`: also in the interpreter of the script subset, reference/php.
  OperatorBuild(std::filesystem::path source, std::filesystem::path folder, bool with_subset);

  // Writes the copy and returns what was planted.
  Expected<std::vector<PlantedChange>> plant() const;

  // Plants, builds, and plants again without what does not compile, until it does; returns what is in the program.
  Expected<std::vector<PlantedChange>> build() const;

  const ProjectCopy& project() const { return project_; }

 private:
  Expected<std::vector<std::string>> files() const;
  std::filesystem::path left_out() const { return folder_ / "does-not-compile.txt"; }
  Expected<void> leave_out(const std::vector<PlantedChange>& changes) const;

  std::filesystem::path source_, folder_;
  bool with_subset_;
  ProjectCopy project_;
};

}  // namespace assay::conformance
