#pragma once

#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "conformance/registry/test_case.h"
#include "conformance/scenario/scenario.h"

// How a test is registered. A test has an id, "CLAUSE/slug", by which everybody names it for good (test_ids.h), and a
// title, which may change. The clause of the id is the first that the test checks; more of them follow the id,
// separated by blanks. There are three ways:
//
//   CLAUSE_TEST(Scenario, "SC-VAL-02/window", "an entry is not looked at again within the window") { steps }
//   CLAUSE_TEST(Scenario, "DP-09/ttl", "DP-35 DP-36", "an include flips after the TTL") { steps }
//   CLAUSE_TEST(Flips, "DP-09/ttl-4", "an include flips after a TTL of 4", with(6)) { steps }
//       A clause test: the steps of a scenario, which is Scenario or one's own that derives from it. Arguments of
//       with(..) go to its constructor, after the description of the target.
//
//   BODY_TEST("sweep", "GU-LIV-04/eintr", "SC-LCK-06", "EINTR on any lock call changes no reply", {"fault"}) { body }
//       A test with a body, which sees `context` and returns a TestResult (its id, kind and clauses are filled in by
//       the runner). After the features that it needs may follow its profile.
//
//   [[maybe_unused]] const bool unusable_registered = register_tests({
//       clause_test<Unusable>("SC-FIL-01/missing", "a missing directory is not used", with("@/missing")),
//       clause_test<Unusable>("SC-FIL-01/relative", "a relative directory is not used", with("cache")),
//   });
//       Several tests from one scenario (which implements steps() itself), or, by body_test(..), from one function.
//       In a loop: register_test. The name of the constant is of its own in the folder, whose files compile together.

namespace assay::conformance {

template <class... Parameters>
std::tuple<Parameters...> with(Parameters... parameters) {
  return {std::move(parameters)...};
}

// What all tests have. Throws std::logic_error for an id without a clause. The place is that of the caller.
TestCase describe_test(const std::string& kind, const std::string& id, const std::string& more_clauses,
                       const std::string& title, const char* file = __builtin_FILE(), int line = __builtin_LINE());

template <class Steps, class... Parameters>
TestCase clause_test(const std::string& id, const std::string& more_clauses, const std::string& title,
                     std::tuple<Parameters...> parameters = std::tuple<>(), const char* file = __builtin_FILE(),
                     int line = __builtin_LINE()) {
  TestCase test = describe_test("clause", id, more_clauses, title, file, line);
  test.trace = [id, clauses = test.clauses, parameters = std::move(parameters)](const Description& target) {
    const auto build = [&](const auto&... each) { return Steps(target, each...).build(id, clauses); };
    return std::apply(build, parameters);
  };
  return test;
}

template <class Steps, class... Parameters>
TestCase clause_test(const std::string& id, const std::string& title,
                     std::tuple<Parameters...> parameters = std::tuple<>(), const char* file = __builtin_FILE(),
                     int line = __builtin_LINE()) {
  return clause_test<Steps>(id, "", title, std::move(parameters), file, line);
}

TestCase body_test(const std::string& kind, const std::string& id, const std::string& more_clauses,
                   const std::string& title, std::set<std::string> needs, Profile profile,
                   std::function<TestResult(TestContext&)> body, const char* file = __builtin_FILE(),
                   int line = __builtin_LINE());

// True, so that it can initialize. Throws std::logic_error for an id that another test has.
bool register_test(TestCase test);
bool register_tests(std::vector<TestCase> tests);

namespace detail {

// What BODY_TEST collects before its body is known.
struct BodyTest {
  const char* kind;
  const char* id;
  const char* more_clauses;
  const char* title;
  std::set<std::string> needs;
  Profile profile = Profile::quick;
};

}  // namespace detail

#define ASSAY_NAME_(a, b) a##b
#define ASSAY_NAME(a, b) ASSAY_NAME_(a, b)

#define CLAUSE_TEST(scenario, ...) ASSAY_CLAUSE_TEST_(scenario, ASSAY_NAME(ClauseTest, __COUNTER__), __VA_ARGS__)
#define ASSAY_CLAUSE_TEST_(scenario, name, ...)                                                  \
  namespace {                                                                                    \
  struct name final : scenario {                                                                 \
    using Base = scenario;                                                                       \
    using Base::Base;                                                                            \
    void steps() override;                                                                       \
  };                                                                                             \
  [[maybe_unused]] const bool ASSAY_NAME(registered_, name) =                                    \
      ::assay::conformance::register_test(::assay::conformance::clause_test<name>(__VA_ARGS__)); \
  }                                                                                              \
  void name::steps()

#define BODY_TEST(...) ASSAY_BODY_TEST_(ASSAY_NAME(body_of_test_, __COUNTER__), __VA_ARGS__)
#define ASSAY_BODY_TEST_(name, ...)                                                                              \
  static ::assay::conformance::TestResult name(::assay::conformance::TestContext&);                              \
  [[maybe_unused]] static const bool ASSAY_NAME(registered_, name) = [] {                                        \
    const ::assay::conformance::detail::BodyTest test{__VA_ARGS__};                                              \
    return ::assay::conformance::register_test(::assay::conformance::body_test(                                  \
        test.kind, test.id, test.more_clauses, test.title, test.needs, test.profile, name, __FILE__, __LINE__)); \
  }();                                                                                                           \
  static ::assay::conformance::TestResult name([[maybe_unused]] ::assay::conformance::TestContext& context)

}  // namespace assay::conformance
