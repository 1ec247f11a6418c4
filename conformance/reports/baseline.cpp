#include "conformance/reports/baseline.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/test_case.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

enum class TestState { passes, fails, silent, absent };

TestState state_of(Verdict verdict) {
  if (verdict == Verdict::pass || verdict == Verdict::unexpected_pass) return TestState::passes;
  if (verdict == Verdict::fail || verdict == Verdict::known_deviation) return TestState::fails;
  return TestState::silent;
}

std::map<std::string, TestState> states_of(const RunReport& report) {
  std::map<std::string, TestState> states;
  for (const TestResult& result : report.results) states[result.test] = state_of(result.verdict);
  return states;
}

TestState at(const std::map<std::string, TestState>& states, const std::string& test) {
  const auto found = states.find(test);
  return found == states.end() ? TestState::absent : found->second;
}

void sort_in(Changes& changes, const std::string& test, TestState before, TestState after) {
  if (after == TestState::fails) {
    (before == TestState::fails ? changes.still_failing : changes.new_failures).push_back(test);
  } else if (before == TestState::fails && after == TestState::passes) {
    changes.fixed.push_back(test);
  } else if (before == TestState::passes && after != TestState::passes) {
    changes.lost.push_back(test);
  } else if (before == TestState::absent) {
    changes.new_tests.push_back(test);
  } else {
    ++changes.unchanged;
  }
}

std::string caution(const RunReport& earlier, const RunReport& now) {
  const auto differ = [](const char* what, const std::string& a, const std::string& b) {
    return a == b ? "" : fmt::format("{} was {}, is {}; ", what, clean_line(a), clean_line(b));
  };
  std::string out =
      differ("target", earlier.target.name + " " + earlier.target.version, now.target.name + " " + now.target.version) +
      differ("contract", earlier.contract, now.contract) + differ("profile", earlier.suite.profile, now.suite.profile) +
      differ("suite", earlier.suite.version, now.suite.version);
  if (earlier.interrupted) out += "the earlier run was interrupted; ";
  return out.empty() ? "" : out.substr(0, out.size() - 2);
}

}  // namespace

Changes compare(const SavedReport& earlier, const RunReport& now) {
  Changes changes;
  const auto before = states_of(earlier.report), after = states_of(now);
  for (const TestResult& result : now.results)
    sort_in(changes, result.test, at(before, result.test), after.at(result.test));
  // What was not selected this time is not lost, only not asked.
  for (const auto& [test, state] : before) {
    if (!after.contains(test) && !now.selection.is_partial()) sort_in(changes, test, state, TestState::absent);
  }
  changes.caution = caution(earlier.report, now);
  return changes;
}

std::string to_text(const Changes& changes) {
  std::string out =
      fmt::format("Since the baseline: {} new failure{}, {} fixed, {} still failing, {} lost, {} new, {} unchanged\n",
                  changes.new_failures.size(), changes.new_failures.size() == 1 ? "" : "s", changes.fixed.size(),
                  changes.still_failing.size(), changes.lost.size(), changes.new_tests.size(), changes.unchanged);
  if (!changes.caution.empty()) out += "  compare with care: " + changes.caution + "\n";
  const auto list = [&](const char* sign, const std::vector<std::string>& tests) {
    for (const std::string& test : tests) out += fmt::format("  {:<12} {}\n", sign, clean_line(test));
  };
  list("new failure", changes.new_failures);
  list("lost", changes.lost);
  list("fixed", changes.fixed);
  return out;
}

std::vector<UnknownTest> use_ids_of_now(RunReport& report) {
  std::vector<UnknownTest> unknown;
  for (TestResult& result : report.results) {
    if (find_test(result.test)) continue;
    unknown.push_back({result.test, hint_for_unknown_test(result.test)});
    if (auto now = id_now(result.test)) result.test = std::move(*now);
  }
  return unknown;
}

void keep_failed(RunReport& report) {
  std::erase_if(report.results, [](const TestResult& result) { return result.verdict < Verdict::inconclusive; });
}

}  // namespace assay::conformance
