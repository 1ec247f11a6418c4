#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/command/project_copy.h"
#include "conformance/command/selection.h"
#include "support/error.h"

namespace assay::conformance {

// Which tests come to which planted change: each test run alone, in a program with changes of which none is in force.
struct ReachedTests {
  // The tests that pass, cheapest first, with the seconds that they took.
  std::vector<std::pair<std::string, double>> tests;
  std::map<int, std::vector<std::size_t>> by_change;  // indices of tests, cheapest first
};

// Runs all tests of the selection, on each processor one. A test that does not pass is left out: it can catch nothing. Kept in
// `folder` and read from there as long as the program stays the same. `changes`: the largest id.
Expected<ReachedTests> find_reached_tests(const ProjectCopy& project, const std::filesystem::path& folder,
                                          const SelectionOptions& selection, int changes);

// Calls work(index, worker) for each index below `count`, on as many threads as there are processors.
void on_all_processors(std::size_t count, const std::function<void(std::size_t index, int worker)>& work);

}  // namespace assay::conformance
