#include "conformance/exploration/system_call_kills.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace assay::conformance {
namespace {

// So many of 0 to `all`, evenly spread, the first and the last among them.
std::vector<std::size_t> spread(std::size_t all, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t count = most == 0 ? all + 1 : std::min(std::max<std::size_t>(most, 2), all + 1);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(count == 1 ? 0 : i * all / (count - 1));
  return chosen;
}

// A kill right before the call, and one before the call before it, because the numbers of calls shift by one from run
// to run: between making a file and writing it there is always one of them.
std::vector<std::size_t> around_changes_of_files(const CrashSurvey& calls) {
  const std::set<std::string_view> changes = {"write",  "writev", "pwrite64", "ftruncate", "rename",
                                              "unlink", "link",   "linkat",   "mkdir"};
  std::vector<std::size_t> kills;
  for (const auto& [number, name] : calls.prefix_names) {
    if (!changes.contains(name)) continue;
    if (number > 0) kills.push_back(number - 1);
    kills.push_back(number);
  }
  return kills;
}

std::string broken_clauses(const TestResult& result) {
  std::vector<std::string> clauses;
  for (const auto& [clause, verdict] : result.clauses) {
    if (verdict == Verdict::fail) clauses.push_back(clause);
  }
  return fmt::format("{}", fmt::join(clauses, " "));
}

}  // namespace

std::vector<std::size_t> chosen_kills(const CrashSurvey& calls, std::size_t most) {
  std::set<std::size_t> chosen;
  for (const std::size_t kill : spread(calls.stores, most)) chosen.insert(kill);
  for (const std::size_t kill : around_changes_of_files(calls)) chosen.insert(kill);
  return {chosen.begin(), chosen.end()};
}

std::optional<Candidate> SystemCallKills::next() {
  if (!survey_)
    return Candidate{crash_at(pattern_, std::nullopt, 0, "", "call"), Candidate::Role::probe, nullptr, false};
  if (at_ == kills_.size()) return std::nullopt;
  return Candidate{crash_at(pattern_, kills_[at_++], survey_->stores, "", "call")};
}

// What is wrong after the whole request is wrong after the last kill as well, and found there.
void SystemCallKills::judge(const Trace&, Execution& execution) {
  if (survey_ || !execution.crashes || execution.verdict != Verdict::fail) return;
  execution.verdict = Verdict::pass;
  execution.reason.clear();
}

std::uint64_t SystemCallKills::observe(const Candidate& candidate, const Execution& execution) {
  if (survey_) {
    if (execution.verdict == Verdict::inconclusive && inconclusive_.empty()) inconclusive_ = execution.reason;
    return TraceSource::observe(candidate, execution);
  }
  survey_ = execution.crashes.value_or(CrashSurvey{});
  if (execution.crashes) kills_ = chosen_kills(*survey_, most_);
  began_ = std::chrono::steady_clock::now();
  return 0;
}

bool SystemCallKills::goes_on_after(const Candidate&, const Execution& execution, const TestResult& failure) {
  if (!survey_) return false;
  const std::size_t kill = kills_[at_ - 1];
  const auto call = survey_->prefix_names.find(kill);
  Outcome& outcome = outcomes_[broken_clauses(failure)];
  if (outcome.places.empty()) outcome.reason = execution.reason;
  outcome.places.push_back(
      fmt::format("{} ({})", kill, call == survey_->prefix_names.end() ? "the end" : call->second));
  return true;
}

void SystemCallKills::conclude(TestResult& result) {
  if (kills_.empty()) return;
  for (const std::string& clause : pattern_.clauses) result.clauses.try_emplace(clause, Verdict::pass);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began_;
  std::string table = fmt::format("{} system calls, {} deaths judged, {:.0f} ms a death\n", survey_->stores,
                                  kills_.size(), took.count() / static_cast<double>(kills_.size()));
  std::size_t failing = 0;
  for (const auto& [clauses, outcome] : outcomes_) {
    failing += outcome.places.size();
    table += fmt::format("  {} deaths break {}: before call {}\n        {}\n", outcome.places.size(), clauses,
                         fmt::join(outcome.places, ", "), outcome.reason);
  }
  result.details = table + result.details;
  if (failing > 0) {
    result.reason = fmt::format("{} of {} deaths break a guarantee: {}", failing, kills_.size(), table);
  } else if (result.verdict == Verdict::pass && !inconclusive_.empty()) {
    result.clauses.clear();
    result.verdict = Verdict::inconclusive;
    result.reason = inconclusive_;
  }
}

}  // namespace assay::conformance
