#include "conformance/exploration/crash_states.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::conformance {
namespace {

// "0-4, 7, 9-12": neighbours in the list of all judged states are joined.
std::string ranges_of(const std::vector<std::size_t>& states, const std::vector<std::size_t>& all) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < states.size();) {
    std::size_t j = i;
    auto at = std::lower_bound(all.begin(), all.end(), states[i]);
    while (j + 1 < states.size() && at + 1 != all.end() && *(at + 1) == states[j + 1]) ++j, ++at;
    parts.push_back(i == j ? fmt::format("{}", states[i]) : fmt::format("{}-{}", states[i], states[j]));
    i = j + 1;
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

std::string shortened(std::string text, std::size_t most) {
  if (text.size() > most) text = text.substr(0, most) + " ...";
  return text;
}

// Each clause that a kill broke, and how.
std::string what_broke(const Execution& killed, const TestResult& failure) {
  std::vector<std::string> clauses;
  for (const auto& [clause, verdict] : failure.clauses) {
    if (verdict == Verdict::fail) clauses.push_back(clause);
  }
  std::string what = fmt::format("{}: {}", fmt::join(clauses, " "), killed.reason);
  for (const Violation& violation : killed.violations) {
    if (what.find(violation.message) == std::string::npos)
      what += fmt::format("; {}: {}", violation.clause, violation.message);
  }
  return what;
}

}  // namespace

std::optional<Candidate> CrashStates::next() {
  if (is_surveying_) return Candidate{crash_everywhere(pattern_, most_), Candidate::Role::counted, nullptr, false};
  if (next_class_ == survey_->classes.size()) return std::nullopt;
  const std::size_t stores = survey_->classes[next_class_++].states.front();
  return Candidate{crash_at(pattern_, stores, survey_->stores, survey_->prefix_names.at(stores), "kill"),
                   Candidate::Role::probe};
}

// What the survey found is not confirmed yet: a real kill is what counts, because the short limit or the past of a
// survivor may have made the image look wrong.
void CrashStates::judge(const Trace&, Execution& execution) {
  if (!is_surveying_ || !execution.crashes) return;
  execution.verdict = Verdict::pass;
  execution.reason.clear();
}

std::uint64_t CrashStates::observe(const Candidate&, const Execution& execution) {
  if (is_surveying_) {
    is_surveying_ = false;
    survey_ = execution.crashes;
    if (!survey_) survey_.emplace();
    for (const CrashClass& of : survey_->classes) judged_.insert(judged_.end(), of.states.begin(), of.states.end());
    std::sort(judged_.begin(), judged_.end());
    return survey_->judged;
  }
  const CrashClass& of = confirmed();
  if (execution.verdict != Verdict::pass)
    list_unconfirmed(of, execution.reason);
  else if (of.verdict == Verdict::pass)
    list(of, "all well");
  else
    list_unconfirmed(
        of, fmt::format("state {}: a real kill there does no harm, but its image: {}", of.states.front(), of.reason));
  return 0;
}

bool CrashStates::goes_on_after(const Candidate&, const Execution& killed, const TestResult& failure) {
  if (is_surveying_) return false;
  const CrashClass& of = confirmed();
  const std::string what = what_broke(killed, failure);
  failing_ += of.states.size();
  list(of, what);
  broken_.push_back(fmt::format("{} of {} (--state {}): {}", of.states.size(), survey_->judged, of.states.front(),
                                shortened(one_line(what), 240)));
  return true;
}

void CrashStates::list(const CrashClass& of, const std::string& what) {
  lines_ += fmt::format("  {:>5} states ({:.1f} %): {}\n        {}\n", of.states.size(),
                        100.0 * static_cast<double>(of.states.size()) / static_cast<double>(judged_.size()),
                        shortened(ranges_of(of.states, judged_), 200), shortened(one_line(what), 900));
}

void CrashStates::list_unconfirmed(const CrashClass& of, std::string why) {
  list(of, "not confirmed: " + why);
  unconfirmed_.push_back(std::move(why));
}

void CrashStates::conclude(TestResult& result) {
  for (const std::string& clause : pattern_.clauses) result.clauses.try_emplace(clause, Verdict::pass);
  result.details = fmt::format(
                       "{} stores ({} of them silent), {} distinct states, {} judged; "
                       "logged in {:.0f} ms, {:.2f} ms a "
                       "state\n",
                       survey_->stores, survey_->silent, survey_->distinct, survey_->judged, survey_->logging.count(),
                       survey_->judging.count() / static_cast<double>(std::max<std::size_t>(1, survey_->judged))) +
                   lines_ + result.details;
  if (result.verdict == Verdict::fail) {
    result.reason =
        fmt::format("{} of {} crash states break a guarantee: {}", failing_, survey_->judged, fmt::join(broken_, "; "));
  } else if (!unconfirmed_.empty()) {
    result.verdict = Verdict::inconclusive;
    result.reason = fmt::format("{} crash states, but {}", survey_->judged, fmt::join(unconfirmed_, "; "));
  }
}

}  // namespace assay::conformance
