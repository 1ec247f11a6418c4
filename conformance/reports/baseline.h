#pragma once

#include <string>
#include <vector>

#include "conformance/reports/json_report.h"

namespace assay::conformance {

// What changed since an earlier report, by test. A known deviation fails like any other failure.
struct Changes {
  std::vector<std::string> new_failures;  // fail now, did not before (or were not there)
  std::vector<std::string> fixed;         // failed before, pass now
  std::vector<std::string> still_failing;
  std::vector<std::string> lost;       // passed before; now skipped, inconclusive, broken or gone
  std::vector<std::string> new_tests;  // not there before, and do not fail
  std::size_t unchanged = 0;           // the rest
  std::string caution;  // why the two are hard to compare (another target, contract, profile); empty: not
};

Changes compare(const SavedReport& earlier, const RunReport& now);

// For the terminal: "Since the baseline (...): 1 new failure, 2 fixed, ..." and the tests. Ends with a line feed.
std::string to_text(const Changes& changes);

// Results of an earlier report under former ids get the ids that their tests have now. Returns the ids that no test has,
// with a hint at what they are called now or what is near.
struct UnknownTest {
  std::string id;
  std::string hint;  // "; it is now RP-ENT-01/root"; may be empty
};
std::vector<UnknownTest> use_ids_of_now(RunReport& report);

// Leaves the results that --rerun-failed runs again: of tests that failed, broke, were inconclusive or passed unexpectedly.
void keep_failed(RunReport& report);

}  // namespace assay::conformance
