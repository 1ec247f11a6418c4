#pragma once

#include <string>
#include <vector>

#include "conformance/registry/test_case.h"
#include "conformance/reports/run_report.h"
#include "support/error.h"

namespace assay::conformance {

// What the selecting options of `run`, `list` and `ledger` say.
struct SelectionOptions {
  std::string profile = "quick";
  std::vector<std::string> areas;
  std::vector<std::string> filters;  // globs on test ids; a leading '!' excludes
  std::vector<std::string> clauses;
  std::string shard;  // "I/N", I from 1
};

// The tests that were asked for, none only where the shard is empty, and the same for the report. Errors name what is unknown and what is near.
struct SelectedTests {
  std::vector<const TestCase*> tests;
  Selection selection;
  Profile profile = Profile::quick;
};
Expected<SelectedTests> select_tests(const SelectionOptions& options);

Expected<Profile> profile_named(const std::string& name);
// An error for an area that does not exist, with those that do.
Expected<void> check_areas(const std::vector<std::string>& areas);
// An error for a filter that names no test of any area or profile, with what its tests are called now or what is near.
Expected<void> check_filters(const std::vector<std::string>& filters);
// An error for a clause id that does not exist, with suggestions.
Expected<void> check_clause(const std::string& id);

}  // namespace assay::conformance
