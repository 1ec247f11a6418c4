#pragma once

#include <string_view>
#include <utility>

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

// For documents: what each status of `assay run` says.
inline constexpr std::pair<ExitStatus, std::string_view> exit_status_meanings[] = {
    {exit_conforms, "the target conforms; with --expectations: only listed failures occurred"},
    {exit_violates,
     "the target violates a must clause; with --expectations: an unlisted failure, or a listed one that passes"},
    {exit_not_shown,
     "not shown: a must clause was not assessed, no test passed, a test broke, or the run was interrupted"},
    {exit_wrong_use, "wrong use: an option, a name or an input file is wrong"},
    {exit_target_unavailable, "the target cannot be started"},
    {exit_suite_broke, "the suite itself failed, or could not write what was asked for"},
};

}  // namespace assay::conformance
