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
#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// How much a run does. Each profile includes the ones before it.
enum class Profile { quick, standard, thorough };

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
bool register_test(TestCase test);

// "script" for "SC-VAL-02", and so on.
std::string area_of(const std::string& clause);

namespace detail {
TestCase describe_test(const char* kind, const char* clauses, const char* title, const char* file, int line);

template <class Body>
bool register_clause(const char* clauses, const char* title, const char* file, int line) {
  TestCase test = describe_test("clause", clauses, title, file, line);
  test.trace = [name = test.id, ids = test.clauses](const Description& target) {
    return Body(target).build(name, ids);
  };
  return register_test(std::move(test));
}
}  // namespace detail

#define ASSAY_JOIN_(a, b) a##b
#define ASSAY_JOIN(a, b) ASSAY_JOIN_(a, b)

// CLAUSE("SC-VAL-02", "an entry is not looked at again until the window has passed") { steps of the scenario }
// Several clause ids are separated by blanks; the first one names the test.
// CLAUSE_OF(Base, ..) is the same on a scenario of one's own.
#define CLAUSE(clauses, title) ASSAY_CLAUSE_(::assay::conformance::Scenario, clauses, title, __COUNTER__)
#define CLAUSE_OF(base, clauses, title) ASSAY_CLAUSE_(base, clauses, title, __COUNTER__)
#define ASSAY_CLAUSE_(base, clauses, title, n)                                                                      \
  namespace {                                                                                                       \
  struct ASSAY_JOIN(ClauseTest, n) final : base {                                                                   \
    using Base = base;                                                                                              \
    using Base::Base;                                                                                               \
    void steps() override;                                                                                          \
  };                                                                                                                \
  [[maybe_unused]] const bool ASSAY_JOIN(registered_, n) =                                                          \
      ::assay::conformance::detail::register_clause<ASSAY_JOIN(ClauseTest, n)>(clauses, title, __FILE__, __LINE__); \
  }                                                                                                                 \
  void ASSAY_JOIN(ClauseTest, n)::steps()

// ASSAY_TEST("property", "RP-ENT-01 RP-SIZE-01", "the listing agrees with the model", needs, profile) { body with
// `context` } A test with a body: returns a TestResult (its name, clauses and kind are filled by the runner).
#define ASSAY_TEST(kind, clauses, title, features, test_profile) \
  ASSAY_TEST_(kind, clauses, title, ASSAY_JOIN(assay_test_body_, __COUNTER__), features, test_profile)
#define ASSAY_TEST_(kind_, clauses_, title_, function_, features_, profile_)                              \
  static ::assay::conformance::TestResult function_(::assay::conformance::TestContext&);                  \
  [[maybe_unused]] static const bool ASSAY_JOIN(registered_, function_) = [] {                            \
    auto test = ::assay::conformance::detail::describe_test(kind_, clauses_, title_, __FILE__, __LINE__); \
    test.needs = features_;                                                                               \
    test.profile = profile_;                                                                              \
    test.body = function_;                                                                                \
    return ::assay::conformance::register_test(std::move(test));                                          \
  }();                                                                                                    \
  static ::assay::conformance::TestResult function_([[maybe_unused]] ::assay::conformance::TestContext& context)

}  // namespace assay::conformance
