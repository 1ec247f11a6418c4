#pragma once

#include <string>
#include <vector>

#include "conformance/reports/run_report.h"
#include "support/error.h"

namespace assay::conformance {

// A failure that is known beforehand. Expectations live in a file beside the adapter, never inside a test.
struct Expectation {
  std::string test;     // a glob over test names ("SC-VAL-*"), or empty
  std::string clause;   // a clause id, or empty; exactly one of the two is given
  std::string reason;   // why the target deviates
  std::string link;     // where that is written down: an issue, a manual, a page of this project
  int line = 0;         // in its file
  std::string since{};  // the first versions of the target that deviate, as in the specification; empty: all
  std::string until{};  // the first that do not any more; empty: none
};

// The file: one JSON object a line; empty lines and lines that begin with # are skipped.
//
//   {"test": "RP-SIZE-0?/*", "verdict": "fail", "reason": "counts four bytes more", "link": "https://..."}
//   {"clause": "GU-LIV-01", "verdict": "fail", "reason": "locks die with their holder", "link": "https://..."}
//
//   {"test": "SC-PER-05/*", "verdict": "fail", "since": "8.3", "until": "8.4.27, 8.5.3", "reason": ..., "link": ...}
//
// Strict: reason and link must be there; only "fail" can be expected. Errors name file, line and field.
Expected<std::vector<Expectation>> expectations_from_text(const std::string& text, const std::string& file);
Expected<std::vector<Expectation>> read_expectations(const std::string& file);

// Applies those that are about the target's version to the results: what fails as listed becomes a known deviation (only if every clause that fails in it is
// listed). An entry stands for at least one failure among what it names: if nothing of that fails and something
// passes, those are unexpected passes. Reasons name the entry's reason and link. Returns the entries that name nothing
// in this run.
std::vector<Expectation> apply_expectations(const std::vector<Expectation>& expectations, RunReport& report);

// What an expected deviation must say of itself: a reason (`why` names what of) and a link. Empty where both are there.
std::string what_lacks_grounds(const std::string& reason, const std::string& link, const char* why);

// Shell wildcards *, ? and [..] over a whole test name; * goes over "/".
bool matches_glob(const std::string& glob, const std::string& name);

}  // namespace assay::conformance
