#include "conformance/execution/survey_states.h"

#include <fmt/format.h>

#include <algorithm>

#include "faults/crash/idle.h"

namespace assay::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds idle_limit{5'000};
// Screening for hangs: this long, or so many times what the slowest request takes.
constexpr milliseconds least_limit{100};
constexpr int slowness = 20;

// Digits differ from state to state (bytes lost, counters), what is wrong does not.
std::string without_numbers(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || out.empty() || out.back() != '#') out += digit ? '#' : c;
  }
  return out;
}

std::string signature_of(const Execution& seen) {
  std::string text = fmt::format("{} {}", to_text(seen.verdict), without_numbers(seen.reason));
  for (const Violation& violation : seen.violations) text += " " + without_numbers(violation.message);
  if (seen.verdict != Verdict::pass) return text;
  for (const Observation& o : seen.observations) text += " " + without_numbers(to_text(o.reply));
  return text;
}

// At most `most` of them (0: all), evenly spread, the first and the last among them.
std::vector<crash::CrashState> spread(const std::vector<crash::CrashState>& states, std::size_t most) {
  if (most == 0 || states.size() <= most) return states;
  if (most == 1) return {states.front()};
  std::vector<crash::CrashState> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(states[i * (states.size() - 1) / (most - 1)]);
  return chosen;
}

// The first failure among the states is the one that the run reports.
void take_over(Execution& into, const Execution& seen, const std::string& where) {
  into.verdict = Verdict::fail;
  into.reason = where + ": " + seen.reason;
  into.failed_step = seen.failed_step;
  into.failed_exchange = seen.failed_exchange;
  into.expected = seen.expected;
  into.actual = seen.actual;
  into.failed_clause = seen.failed_clause;
  into.also_broken = seen.also_broken;
  into.violations = seen.violations;
}

// A hang is screened for at so many times what the slowest request of a sound run takes.
milliseconds short_limit(const Execution& sound) {
  std::chrono::nanoseconds slowest{0};
  for (const Observation& o : sound.observations) slowest = std::max(slowest, o.ended - o.began);
  return std::max(least_limit, std::chrono::ceil<milliseconds>(slowest) * slowness);
}

// The workers that cannot be asked about the next state.
std::set<int> broken_workers(const Execution& seen, Runtime& runtime, int workers) {
  std::set<int> broken;
  for (const Observation& o : seen.observations) {
    const bool sound = o.outcome == Outcome::Kind::completed || o.outcome == Outcome::Kind::aborted;
    if (!sound) broken.insert(o.worker);
  }
  for (int worker = 0; worker < workers; ++worker) {
    if (broken.contains(worker)) continue;
    const auto pid = runtime.worker(worker).process();
    const auto idle = pid ? crash::wait_until_idle(*pid, idle_limit) : Expected<bool>(false);
    if (!idle || !*idle) broken.insert(worker);
  }
  return broken;
}

// All workers are idle afterwards; the fresh ones start on sound memory.
Expected<void> recover_workers(const Execution& seen, CrashImages& images, Runtime& runtime, int workers) {
  const std::set<int> broken = broken_workers(seen, runtime, workers);
  if (broken.empty()) return {};
  ASSAY_TRY(images.put_base());
  for (const int worker : broken) ASSAY_TRY(runtime.replace(worker));
  if (const auto pid = runtime.worker(*broken.begin()).process()) images.reach_through(*pid);
  return {};
}

}  // namespace

Expected<void> survey_states(CrashImages& images, Runtime& runtime, int workers, std::size_t most,
                             const RestOfTrace& rest, CrashSurvey survey, Execution& into) {
  const auto states = crash::distinct_states(images.log());
  const auto& stores = images.log().stores;
  survey.stores = stores.size();
  survey.silent = static_cast<std::size_t>(
      std::count_if(stores.begin(), stores.end(), [](const auto& s) { return s.after.empty(); }));
  survey.distinct = states.size();

  const auto began = steady_clock::now();
  std::map<std::string, std::size_t> known;
  milliseconds limit{0};  // of the first one, which is as if the request had never been: the trace's own
  for (const crash::CrashState& state : spread(states, most)) {
    ASSAY_TRY(images.put(state.stores));
    const Execution seen = rest(limit);
    if (seen.verdict == Verdict::error || seen.verdict == Verdict::skip) {
      into.verdict = seen.verdict;
      into.reason = seen.reason;
      return {};
    }
    ASSAY_TRY(recover_workers(seen, images, runtime, workers));
    into.evidence += seen.evidence;
    ++into.evidence.crash_states;
    ++survey.judged;
    if (limit.count() == 0) limit = short_limit(seen);
    const auto [place, fresh] = known.try_emplace(signature_of(seen), survey.classes.size());
    if (fresh) {
      survey.classes.push_back({{}, 0, seen.verdict, seen.reason});
      for (const auto& [clause, holds] : seen.monitored) {
        auto [monitored, first] = into.monitored.try_emplace(clause, holds);
        monitored->second = monitored->second && holds;
      }
      if (seen.verdict == Verdict::fail && into.verdict == Verdict::pass)
        take_over(into, seen, fmt::format("state {} of {}", state.stores, survey.stores));
    }
    CrashClass& of = survey.classes[place->second];
    if (fresh) survey.prefix_names[state.stores] = images.log().hash(state.stores);
    of.states.push_back(state.stores);
    of.deaths += state.alike;
  }
  survey.judging = steady_clock::now() - began;
  into.crashes = std::move(survey);
  return {};
}

}  // namespace assay::conformance
