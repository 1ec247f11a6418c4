// What has to hold for every clause test of the suite: it replays from its export with the same verdict, and each of
// its expectations can fail.
#include <gtest/gtest.h>

#include <algorithm>
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

const std::vector<Replayed>& replayed() {
  static const std::vector<Replayed> all = [] {
    std::vector<Replayed> out;
    const TestFolder folder;
    auto target = make_target("reference");
    if (!target) return out;
    for (const TestCase& test : all_tests()) {
      if (!test.trace || test.profile != Profile::quick) continue;
      auto read = trace_from_json_lines(to_json_lines(test.trace((*target)->description())), test.id);
      Replayed entry;
      entry.id = test.id;
      if (!read) {
        entry.execution.verdict = Verdict::error;
        entry.execution.reason = read.error().message;
      } else {
        entry.trace = *read;
        if (auto inside = check_paths(*read, test.id, false); !inside) entry.outside = inside.error().message;
        entry.skipped = why_not_in_force(test, Contract::portable());
        if (entry.skipped.empty()) entry.skipped = reason_to_skip(entry.trace, (*target)->description());
        if (entry.skipped.empty()) entry.execution = Executor(**target, folder.path()).run(entry.trace);
      }
      out.push_back(std::move(entry));
    }
    return out;
  }();
  return all;
}

void pass_when_replayed() {
  ASSERT_GT(replayed().size(), 200u);
  std::size_t ran = 0;
  for (const Replayed& test : replayed()) {
    EXPECT_EQ(test.outside, "") << "it could not be replayed";
    if (!test.skipped.empty()) continue;
    EXPECT_TRUE(test.execution.verdict == Verdict::pass || test.execution.verdict == Verdict::skip)
        << test.id << ": " << to_text(test.execution.verdict) << ": " << test.execution.reason;
    ++ran;
  }
  EXPECT_GT(ran, 200u);
}

// Wrong values that a broken target could give, the matcher's own kind among them.
std::vector<Reply> distortions(const Reply& reply) {
  std::vector<Reply> out;
  const auto value = [&](Value v) {
    Reply wrong = reply;
    wrong.kind = Reply::Kind::value;
    wrong.value = std::move(v);
    if (!(wrong == reply)) out.push_back(std::move(wrong));
  };
  for (Value v : {Value(), Value(true), Value(false), Value(std::int64_t{-1}), Value("distorted")}) value(std::move(v));
  value(Value::list({}));
  Reply noisy = reply;
  noisy.output += "noise";
  noisy.diagnostics.push_back("Warning: noise");
  out.push_back(noisy);
  return out;
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

bool can_fail(const Matcher& matcher, const Reply& reply, const Labelled& labelled) {
  std::vector<Reply> wrong = distortions(reply);
  Forbidden{wrong}.add(matcher);
  Forbidden{wrong}.add(Path());
  for (const auto& [label, earlier] : labelled) wrong.push_back(earlier);
  return std::any_of(wrong.begin(), wrong.end(), [&](const Reply& r) { return mismatch(matcher, r, labelled); });
}

void have_expectations_that_can_fail() {
  std::size_t expectations = 0;
  for (const Replayed& test : replayed()) {
    if (test.execution.observations.empty()) continue;
    Labelled labelled;
    std::size_t of_test = 0;
    for (const Observation& seen : test.execution.observations) {
      const Exchange& exchange = std::get<Request>(test.trace.steps[seen.step]).exchanges[seen.exchange];
      if (!exchange.label.empty()) labelled[exchange.label] = seen.reply;
      if (!exchange.expected) continue;
      ++of_test;
      EXPECT_TRUE(can_fail(*exchange.expected, seen.reply, labelled))
          << test.id << ", step " << seen.step + 1 << ": no wrong reply is found by: " << to_text(*exchange.expected);
    }
    EXPECT_GT(of_test, 0u) << test.id << " expects nothing";
    expectations += of_test;
  }
  EXPECT_GT(expectations, 1000u);
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
void meet_their_optional_faults() {
  const std::string watches = "SC-LCK-07/no-lock-needed";
  for (const Replayed& test : replayed()) {
    if (test.id == watches) continue;
    const bool is_armed = std::any_of(test.trace.steps.begin(), test.trace.steps.end(), [](const Step& step) {
      const auto* action = std::get_if<Action>(&step);
      return action && action->kind() == ActionKind::arm && action->flag("optional");
    });
    EXPECT_TRUE(!is_armed || !test.skipped.empty() || test.execution.evidence.faults_fired > 0) << test.id;
  }
}

// One test, since each test of ctest is a process that has to replay everything.
TEST(ClauseTests, ReplayFromTheirExportAndExpectSomethingThatCanFail) {
  pass_when_replayed();
  have_expectations_that_can_fail();
  meet_their_optional_faults();
}

TEST(ClauseTests, SayHowRequestsEnd) {
  say_how_requests_end();
}

}  // namespace
}  // namespace assay::conformance
