#include "conformance/execution/crash_explorer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::conformance {
namespace {

Action* exploring(Trace& trace) {
  for (Step& step : trace.steps) {
    auto* action = std::get_if<Action>(&step);
    if (action && action->kind() == ActionKind::explore_crash) return action;
  }
  return nullptr;
}

Trace exploring_at_most(const Trace& pattern, std::size_t most) {
  Trace trace = pattern;
  if (Action* action = exploring(trace)) {
    *action = make_action(ActionKind::explore_crash,
                          {{"worker", action->integer("worker")}, {"most", static_cast<std::int64_t>(most)}});
  }
  return trace;
}

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

}  // namespace

Trace crash_at(const Trace& pattern, std::optional<std::size_t> state, std::size_t of, const std::string& log,
               const std::string& by) {
  Trace trace = pattern;
  if (Action* action = exploring(trace)) {
    *action =
        make_action(ActionKind::explore_crash, {{"worker", action->integer("worker")},
                                                {"state", state ? Value(static_cast<std::int64_t>(*state)) : Value()},
                                                {"of", static_cast<std::int64_t>(of)},
                                                {"log", log},
                                                {"by", by}});
  }
  if (!state) return trace;
  trace.name += by == "call" ? fmt::format(" (killed before system call {} of {})", *state, of)
                             : fmt::format(" (crash state {} of {}, log {}, by {})", *state, of, log, by);
  return trace;
}

bool choose_crash_state(Trace& trace, std::int64_t stores) {
  Action* action = exploring(trace);
  if (!action) return false;
  const std::string by = action->text("by") == "call" ? "call" : "kill";
  *action = make_action(
      ActionKind::explore_crash,
      {{"worker", action->integer("worker")}, {"state", stores}, {"of", action->integer("of")}, {"by", by}});
  return true;
}

// What the second pass found, as it goes on.
struct CrashExplorer::Findings {
  TestResult result;
  std::vector<std::size_t> judged;  // all states, in order
  std::string table;                // for people: a line for each outcome
  std::vector<std::string> broken, unclear;
  std::size_t failing = 0;

  void line(const CrashClass& of, const std::string& what) {
    table += fmt::format("  {:>5} states ({:.1f} %): {}\n        {}\n", of.states.size(),
                         100.0 * static_cast<double>(of.states.size()) / static_cast<double>(judged.size()),
                         shortened(ranges_of(of.states, judged), 200), shortened(one_line(what), 900));
  }
  void not_confirmed(const CrashClass& of, const std::string& why) {
    unclear.push_back(why);
    line(of, "not confirmed: " + why);
  }
};

// A real death is what counts: the short limit, or the past of a survivor, may have made the image look wrong.
void CrashExplorer::confirm(const Trace& pattern, const CrashSurvey& survey, const CrashClass& of, Findings& findings) {
  const std::size_t stores = of.states.front();
  const Trace trace = crash_at(pattern, stores, survey.stores, survey.prefix_names.at(stores), "kill");
  const Execution killed = executor_.run(trace);
  TestResult& result = findings.result;
  result.evidence += killed.evidence;
  const TestResult one = result_of(killed, trace);
  if (killed.verdict == Verdict::error) {
    result.verdict = Verdict::error;
    result.reason = one.reason;
    result.details = one.details;
    result.failing_trace = one.failing_trace;
    return;
  }
  if (killed.verdict != Verdict::fail) {
    if (of.verdict == Verdict::pass) return findings.line(of, "all well");
    return findings.not_confirmed(
        of, killed.verdict == Verdict::pass
                ? fmt::format("state {}: a real kill there does no harm, but its image: {}", stores, of.reason)
                : killed.reason);
  }
  findings.failing += of.states.size();
  std::vector<std::string> clauses;
  for (const auto& [clause, verdict] : one.clauses) {
    if (verdict != Verdict::fail) continue;
    result.clauses[clause] = Verdict::fail;
    clauses.push_back(clause);
  }
  std::string what = fmt::format("{}: {}", fmt::join(clauses, " "), killed.reason);
  for (const Violation& violation : killed.violations) {
    if (what.find(violation.message) == std::string::npos)
      what += fmt::format("; {}: {}", violation.clause, violation.message);
  }
  findings.line(of, what);
  findings.broken.push_back(fmt::format("{} of {} (--state {}): {}", of.states.size(), survey.judged, stores,
                                        shortened(one_line(what), 240)));
  if (result.failing_trace) return;
  result.failing_trace = one.failing_trace;
  result.details = one.details;
}

TestResult CrashExplorer::explore(const Trace& pattern) {
  const Trace whole = exploring_at_most(pattern, most_);
  const Execution screening = executor_.run(whole);
  if (!screening.crashes) return result_of(screening, whole);
  const CrashSurvey& survey = *screening.crashes;

  Findings findings;
  TestResult& result = findings.result;
  result.evidence = screening.evidence;
  for (const std::string& clause : pattern.clauses) result.clauses[clause] = Verdict::pass;
  for (const auto& [clause, holds] : screening.monitored)
    if (holds) result.clauses.try_emplace(clause, Verdict::pass);
  for (const CrashClass& of : survey.classes)
    findings.judged.insert(findings.judged.end(), of.states.begin(), of.states.end());
  std::sort(findings.judged.begin(), findings.judged.end());
  findings.table = fmt::format(
      "{} stores ({} of them silent), {} distinct states, {} judged; logged in {:.0f} ms, {:.2f} ms a state\n",
      survey.stores, survey.silent, survey.distinct, survey.judged, survey.logging.count(),
      survey.judging.count() / static_cast<double>(std::max<std::size_t>(1, survey.judged)));

  for (const CrashClass& of : survey.classes) {
    confirm(pattern, survey, of, findings);
    if (result.verdict == Verdict::error) return result;
  }
  result.details = findings.table + result.details;
  if (!findings.broken.empty()) {
    result.verdict = Verdict::fail;
    result.reason = fmt::format("{} of {} crash states break a guarantee: {}", findings.failing, survey.judged,
                                fmt::join(findings.broken, "; "));
  } else if (!findings.unclear.empty()) {
    result.verdict = Verdict::inconclusive;
    result.reason = fmt::format("{} crash states, but {}", survey.judged, fmt::join(findings.unclear, "; "));
  }
  return result;
}

}  // namespace assay::conformance
