#pragma once

namespace assay::conformance {

// The exit statuses of the program: a stable contract (docs/user-guide.md). 0 to 2 are verdicts on the target.
enum ExitStatus : int {
  exit_conforms = 0,
  exit_violates = 1,
  exit_not_shown = 2,
  exit_wrong_use = 64,           // an option, a name or an input file is wrong
  exit_target_unavailable = 69,  // the target cannot be started
  exit_suite_broke = 70,         // the suite itself failed, or could not write what was asked for
};

}  // namespace assay::conformance
