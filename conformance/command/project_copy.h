#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/reports/run_report.h"
#include "support/error.h"

namespace assay::conformance {

// A copy of a checkout, to be changed and built: FOLDER/source, with its build below. One thread.
class ProjectCopy {
 public:
  ProjectCopy(std::filesystem::path source, std::filesystem::path folder);

  // Copies what differs from the checkout, but for the named files ("reference/log/log.cpp"), so that a copy that is kept
  // is built incrementally. An error where the source is no checkout.
  Expected<void> copy_sources(const std::vector<std::string>& without = {}) const;

  // The preset and the place of the build in the tree are those of scripts/test: what it compiled need not be compiled
  // again where there is a compiler cache. Only the reference is compiled file by file: a change is in one of them.
  // `planted`: with what scripts/plant-operators needs.
  Expected<void> configure(bool planted = false) const;
  // Builds the program; the error holds the end of the build's log. `whole`: also what does not need a part that failed.
  Expected<void> compile(bool whole = false) const;
  std::filesystem::path log() const { return folder_ / "build.log"; }

  // Runs the program that was built last with `assay run ARGUMENTS`, `environment` in front ("NAME=VALUE ..."), and
  // returns what its report says. `name` is that of the report's file: two runs at the same time need two.
  Expected<std::vector<TestResult>> run(const std::string& arguments, const std::string& environment = {},
                                        const std::string& name = "report") const;

  std::filesystem::path copy() const { return folder_ / "source"; }
  std::filesystem::path program() const { return build() / "bin" / "assay"; }

 private:
  std::filesystem::path build() const { return copy() / "build" / "release"; }
  tl::unexpected<Error> broken(const std::string& what) const;

  std::filesystem::path source_, folder_;
};

// For a shell.
std::string quoted(const std::filesystem::path& path);
// The exit status of a line of shell, or -1.
int shell(const std::string& line);

}  // namespace assay::conformance
