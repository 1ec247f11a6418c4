#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/registry/verdict.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// How much a run does. Each profile includes the ones before it.
enum class Profile { quick, standard, thorough };

// How many of something a test does: traces, visits, rounds.
struct ByProfile {
  std::uint64_t quick, standard, thorough;
  constexpr std::uint64_t of(Profile profile) const {
    return profile == Profile::quick ? quick : profile == Profile::standard ? standard : thorough;
  }
};

// What a test gets that is more than a trace. Paths and the target live as long as the test.
struct TestContext {
  Target& target;
  std::filesystem::path folder;  // empty, for this test alone; removed afterwards
  std::uint64_t seed = 0;        // already mixed with the test's id
  Profile profile = Profile::quick;
  std::chrono::milliseconds bound{1000};  // for one operation of a survivor (guarantees.md: "Bound")
};

// A test of the suite. Either `trace` (a clause test: data, without a branch in C++ that looks at a reply) or `body`.
struct TestCase {
  std::string id;                    // "SC-VAL-02/window": how everybody names it, for good
  std::string title;                 // a short sentence, which may change
  std::string kind;                  // clause, property, exhaustive, concurrency, sweep, kill
  std::vector<std::string> clauses;  // the first one is that of the id
  std::string area;                  // script, preload, file, realpath, static, deploy, guarantees
  Profile profile = Profile::quick;
  std::set<std::string> needs;  // features, for tests with a body (a trace implies its own)
  std::string file;             // source file, relative to the project
  int line = 0;
  std::function<Trace(const Description&)> trace;
  std::function<TestResult(TestContext&)> body;
  int seconds_limit = 60;  // the runner ends the test's process after that
};

// All tests, in the order of registration by file and line. Filled before main() (registration.h).
std::span<const TestCase> all_tests();
const TestCase* find_test(const std::string& id);

// "script" for "SC-VAL-02", and so on.
std::string area_of(const std::string& clause);

}  // namespace assay::conformance
