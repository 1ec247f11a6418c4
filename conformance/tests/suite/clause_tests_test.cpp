// What has to hold for every clause test of the suite: it replays from its export with the same verdict, and each of
// its expectations can fail.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "conformance/execution/executor.h"
#include "conformance/registry/test_case.h"
#include "conformance/runner/run_test.h"
#include "conformance/tests/test_folder.h"
#include "conformance/vocabulary/trace_paths.h"

namespace assay::conformance {
namespace {

// The clause tests as they come back from their export, run on the reference.
struct Replayed {
  std::string id;
  Trace trace;
  Execution execution;
  std::string skipped;
  std::string outside;  // what it names outside of its sandbox
};

Replayed replay(const TestCase& test, Target& target, const TestFolder& folder) {
  auto read = trace_from_json_lines(to_json_lines(test.trace(target.description())), test.id);
  Replayed entry;
  entry.id = test.id;
  if (!read) {
    entry.execution.verdict = Verdict::error;
    entry.execution.reason = read.error().message;
    return entry;
  }
  entry.trace = *read;
  if (auto inside = check_paths(*read, test.id, false); !inside) entry.outside = inside.error().message;
  entry.skipped = why_not_in_force(test, Contract::portable());
  if (entry.skipped.empty()) entry.skipped = reason_to_skip(entry.trace, target.description());
  if (entry.skipped.empty()) entry.execution = Executor(target, folder.path()).run(entry.trace);
  return entry;
}

void passes_when_replayed(const Replayed& test) {
  EXPECT_EQ(test.outside, "") << "it could not be replayed";
  if (!test.skipped.empty()) return;
  EXPECT_TRUE(test.execution.verdict == Verdict::pass || test.execution.verdict == Verdict::skip)
      << test.id << ": " << to_text(test.execution.verdict) << ": " << test.execution.reason;
}

// Wrong values that a broken target could give, the matcher's own kind among them. Without the right value, which may be
// megabytes.
std::vector<Reply> distortions(const Reply& reply) {
  std::vector<Reply> out;
  Reply wrong;
  wrong.output = reply.output;
  wrong.diagnostics = reply.diagnostics;
  for (Value v : {Value(), Value(true), Value(false), Value(std::int64_t{-1}), Value("distorted"), Value::list({})}) {
    wrong.value = std::move(v);
    if (!(wrong == reply)) out.push_back(wrong);
  }
  return out;
}

Reply noisy(Reply reply) {
  reply.output += "noise";
  reply.diagnostics.push_back("Warning: noise");
  return reply;
}

Value nested(const Path& path, Value value) {
  for (auto key = path.rbegin(); key != path.rend(); ++key) value = Value(Elements{{*key, std::move(value)}});
  return value;
}

// Values that the matcher itself speaks of: what must not be there can only be found when it is there.
struct Forbidden {
  void add(const Matcher& matcher) {
    std::visit(
        [&]<class M>(const M& form) { std::apply([&](const auto&... parts) { (add(parts), ...); }, M::body(form)); },
        matcher.form);
  }
  void add(const Inner& matcher) { add(*matcher); }
  void add(const Path& path) {
    for (Value v : {Value(), Value(std::int64_t{-1}), Value(std::numeric_limits<std::int64_t>::max()), Value("there")})
      replies.push_back(Reply::of(nested(path, std::move(v))));
  }
  void add(const Value& value) { replies.push_back(Reply::of(value)); }
  void add(std::string text) {
    std::erase(text, '\\');
    replies.push_back(Reply::of(text));
  }
  void add(const Pattern& pattern) { add(pattern.text()); }
  void add(const Range&) {}
  void add(const Growth&) {}
  void add(std::int64_t) {}
  template <class T>
  void add(const std::vector<T>& parts) {
    for (const T& part : parts) add(part);
  }

  std::vector<Reply>& replies;
};

// The cheap ones first: most matchers refuse the first.
bool can_fail(const Matcher& matcher, const Reply& reply, const Labelled& labelled) {
  const auto fails = [&](const Reply& wrong) { return mismatch(matcher, wrong, labelled).has_value(); };
  if (std::ranges::any_of(distortions(reply), fails) || fails(noisy(reply))) return true;
  std::vector<Reply> forbidden;
  Forbidden{forbidden}.add(matcher);
  Forbidden{forbidden}.add(Path());
  return std::ranges::any_of(forbidden, fails) ||
         std::ranges::any_of(labelled, [&](const auto& earlier) { return fails(earlier.second); });
}

void has_expectations_that_can_fail(const Replayed& test) {
  if (test.execution.observations.empty()) return;
  Labelled labelled;
  std::size_t expectations = 0;
  for (const Observation& seen : test.execution.observations) {
    const Exchange& exchange = std::get<Request>(test.trace.steps[seen.step]).exchanges[seen.exchange];
    if (!exchange.label.empty()) labelled[exchange.label] = seen.reply;
    if (!exchange.expected) continue;
    ++expectations;
    EXPECT_TRUE(can_fail(*exchange.expected, seen.reply, labelled))
        << test.id << ", step " << seen.step + 1 << ": no wrong reply is found by: " << to_text(*exchange.expected);
  }
  EXPECT_GT(expectations, 0u) << test.id << " expects nothing";
}

// A trace says how a request ends where that is known. `any` stands for "it depends on where a fault hits".
void say_how_requests_end() {
  for (const TestCase& test : all_tests()) {
    if (!test.trace) continue;
    const Trace trace = test.trace(Description{});
    const bool has_fault = std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
      const auto* action = std::get_if<Action>(&step);
      // A kill may come too late.
      return action && (action->kind() == ActionKind::arm || action->kind() == ActionKind::explore_crash ||
                        action->kind() == ActionKind::kill);
    });
    for (const Step& step : trace.steps) {
      const auto* request = std::get_if<Request>(&step);
      if (!request) continue;
      EXPECT_NE(request->ends, "unjudged") << test.id << ": a clause test judges itself";
      EXPECT_TRUE(request->ends != "any" || has_fault) << test.id << ": without a fault its end is known";
    }
  }
}

// Of faults that stand for the same on different targets at least one has to come; but for a test whose fault watches
// that something is not asked for.
void meets_its_optional_faults(const Replayed& test) {
  if (test.id == "SC-LCK-07/no-lock-needed") return;
  const bool is_armed = std::any_of(test.trace.steps.begin(), test.trace.steps.end(), [](const Step& step) {
    const auto* action = std::get_if<Action>(&step);
    return action && action->kind() == ActionKind::arm && action->flag("optional");
  });
  EXPECT_TRUE(!is_armed || !test.skipped.empty() || test.execution.evidence.faults_fired > 0) << test.id;
}

constexpr std::array kAreas = {"script", "preload", "file", "realpath", "static", "deploy", "guarantees"};

class ClauseTests : public testing::TestWithParam<const char*> {};

TEST_P(ClauseTests, ReplayFromTheirExportAndExpectSomethingThatCanFail) {
  const TestFolder folder;
  auto target = make_target("reference");
  ASSERT_TRUE(target) << target.error().message;
  int ran = 0;
  for (const TestCase& test : all_tests()) {
    if (!test.trace || test.profile != Profile::quick || test.area != GetParam()) continue;
    const Replayed replayed = replay(test, **target, folder);
    passes_when_replayed(replayed);
    has_expectations_that_can_fail(replayed);
    meets_its_optional_faults(replayed);
    ran += replayed.skipped.empty();
  }
  EXPECT_GT(ran, 10);
}
INSTANTIATE_TEST_SUITE_P(OfEachArea, ClauseTests, testing::ValuesIn(kAreas),
                         [](const auto& each) { return std::string(each.param); });

TEST(AllClauseTests, BelongToAnAreaThatIsReplayed) {
  for (const TestCase& test : all_tests())
    EXPECT_TRUE(std::ranges::find(kAreas, test.area) != kAreas.end()) << test.id << ": " << test.area;
}

TEST(AllClauseTests, SayHowRequestsEnd) {
  say_how_requests_end();
}

}  // namespace
}  // namespace assay::conformance
