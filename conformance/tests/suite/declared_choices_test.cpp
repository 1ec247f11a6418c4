// A target declares choices, and the tests follow them: none may come out of that with nothing to expect.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "conformance/registry/test_case.h"
#include "conformance/tests/suite/choice_values.h"

namespace assay::conformance {
namespace {

bool allows_both(const Matcher& matcher) {
  return !mismatch(matcher, Reply::of(true), {}) && !mismatch(matcher, Reply::of(false), {});
}

// Something that is more than "true or false".
bool expects_something(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    if (const auto* action = std::get_if<Action>(&step))
      return action->kind() == ActionKind::start || action->kind() == ActionKind::reload;
    const auto& request = std::get<Request>(step);
    return request.ends == "died" || request.ends == "aborted" ||
           std::any_of(request.exchanges.begin(), request.exchanges.end(),
                       [](const Exchange& exchange) { return exchange.expected && !allows_both(*exchange.expected); });
  });
}

// Whatever a target declares, a test asks something of it or says why it does not.
TEST(DeclaredChoices, LeaveSomethingToAskOrAReason) {
  auto values = choice_values();
  std::size_t built = 0;
  for (const TestCase& test : all_tests()) {
    if (!test.trace) continue;
    for (const auto& [name, usual] : test.trace(Description{}).choices) {
      for (const std::string& value : values[name]) {
        Description declaring;
        declaring.choices[name] = value;
        const Trace trace = test.trace(declaring);
        EXPECT_TRUE(!trace.not_asked.empty() || expects_something(trace))
            << test.id << " asks nothing under " << name << "=" << value;
        ++built;
      }
    }
  }
  EXPECT_GT(built, 50u);
}

}  // namespace
}  // namespace assay::conformance
