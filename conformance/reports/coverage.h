#pragma once

#include <map>
#include <string>

namespace assay::conformance {

// What became of one clause in a run: it was assessed (passed, failed), or there is one reason why not.
enum class ClauseState {
  passed,
  failed,
  not_assessed,  // in scope and tested, but its tests were skipped, inconclusive, broken, or ended at another clause
  no_test,       // in scope, and no test looked at it
  not_selected,
  not_claimed,  // the target does not claim the feature that the clause needs
  unobservable  // no test can exist
};

// The clauses of one strength by their state. INVARIANT: the states add up to all clauses of that strength in the
// contract, so that what was not asked cannot be forgotten.
class Coverage {
 public:
  void add(ClauseState state) { ++counts_[state]; }
  int in(ClauseState state) const;
  int all() const;

  // "47 of 86 must clauses hold, 1 failed (30 not claimed, 8 not selected)": failed and reasons only where there are
  // any. `noun` is "must clauses", or empty.
  std::string in_words(const std::string& noun) const;

 private:
  std::map<ClauseState, int> counts_;
};

// The reason's word in reports: "not_claimed" for JSON, "not claimed" for people.
const char* to_field(ClauseState state);
const char* in_words(ClauseState state);

}  // namespace assay::conformance
