#include "conformance/exploration/trace_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace assay::conformance {
namespace {

bool is_about_faults(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && std::string_view(action->spec->feature) == "fault";
}

bool counts_all(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && action->kind() == ActionKind::arm && action->text("effect") == "count" &&
         action->text("point") == "*";
}

// A trace whose faults leave no place for others.
bool arms_itself(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), is_about_faults) &&
         std::none_of(trace.steps.begin(), trace.steps.end(), counts_all);
}

// Of what a stock program does only the calls that its caches are made of: a driver that cannot write its reply says
// nothing.
Visits swept_visits(const Execution& execution) {
  Visits visits = execution.counted;
  std::erase_if(visits, [](const auto& visited) {
    const auto* point = points::find_point(visited.first);
    return !point || !point->is(points::Use::swept);
  });
  return visits;
}

// What one point can be made to do, each at one visit.
std::vector<SweptFault> faults_at(const std::string& name, const Description& target) {
  std::vector<SweptFault> faults;
  const auto* point = points::find_point(name);
  if (!point->error.empty()) {
    for (const bool onwards : {false, true}) faults.push_back({name, "fail", std::string(point->error), onwards});
  }
  if (point->allows(points::Effect::kill) && target.features.contains("fault.kill"))
    faults.push_back({name, "kill", ""});
  return faults;
}

// The visits 1 to `visits` in an order in which each prefix is spread over all of them: the first, then the middle,
// then the quarters.
std::vector<std::uint64_t> spread(std::uint64_t visits) {
  std::vector<std::uint64_t> order;
  order.reserve(visits);
  const int bits = std::bit_width(visits - 1);
  for (std::uint64_t number = 0; number < std::uint64_t{1} << bits; ++number) {
    std::uint64_t reversed = 0;
    for (int bit = 0; bit < bits; ++bit) reversed |= (number >> bit & 1) << (bits - 1 - bit);
    if (reversed < visits) order.push_back(reversed + 1);
  }
  return order;
}

}  // namespace

TraceSweep::TraceSweep(const Description& target, Trace trace)
    : target_(target),
      trace_(std::move(trace)),
      bare_(without_expectations(trace_)),
      arms_itself_(arms_itself(trace_)) {}

std::optional<Candidate> TraceSweep::next() {
  armed_ = nullptr;
  if (arms_itself_) return std::nullopt;
  if (counts_.size() < 2) return Candidate{counting_visits(trace_), Candidate::Role::probe};
  for (; round_ < rounds_; ++round_, fault_ = 0) {
    while (fault_ < faults_.size()) {
      const Opportunities& at = faults_[fault_++];
      if (round_ >= at.visits.size()) continue;
      armed_ = &at.fault;
      Candidate candidate{armed_with(bare_, at.fault, at.visits[round_])};
      if (at.fault.effect == "kill") candidate.counter = &Evidence::crash_states;
      return candidate;
    }
  }
  return std::nullopt;
}

std::optional<Candidate> TraceSweep::last() {
  armed_ = nullptr;
  return Candidate{trace_, Candidate::Role::probe, nullptr, false};
}

// A request that hangs, or a worker that dies although the fault did not kill it. How a request ends that the trace
// itself means to end early is left to it.
void TraceSweep::judge(const Trace& trace, Execution& execution) {
  if (!armed_ || execution.verdict != Verdict::pass) return;
  const std::size_t added = trace.steps.size() - trace_.steps.size();  // before the steps of the trace
  for (const Observation& observation : execution.observations) {
    const std::string& ends = std::get<Request>(trace_.steps[observation.step - added]).ends;
    if (ends != "completed" && ends != "lives") continue;
    const bool is_death = observation.outcome == Outcome::Kind::died && armed_->effect != "kill";
    if (observation.outcome != Outcome::Kind::hung && !is_death) continue;
    execution.verdict = Verdict::fail;
    execution.failed_clause = "GU-LIV-05";
    execution.failed_step = observation.step;
    execution.expected = "the request ends, and its worker serves on";
    execution.reason = fmt::format("step {}: the request {}", observation.step + 1, to_text(observation.outcome));
    execution.actual = execution.reason;
    return;
  }
}

// The trace that is kept demands what was missed, so that its replay judges itself.
Trace TraceSweep::as_test(Trace trace, const Execution& execution) const {
  if (!armed_ || execution.failed_clause != "GU-LIV-05") return trace;
  trace.clauses = {execution.failed_clause};
  std::get<Request>(trace.steps[execution.failed_step]).ends = "completed";
  return trace;
}

std::uint64_t TraceSweep::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::probe) {
    if (counts_.size() == 2) return 0;  // the last one
    counts_.push_back(swept_visits(execution));
    if (counts_.size() == 2) list_opportunities();
    return 0;
  }
  const bool hit = execution.verdict == Verdict::pass;
  if (!hit) runs_agree_ = false;  // this run went another way
  tried_ += hit ? 1 : 0;
  return hit ? 1 : 0;
}

void TraceSweep::list_opportunities() {
  runs_agree_ = counts_[0] == counts_[1];
  for (const auto& [point, visits] : counts_[0]) {
    for (SweptFault& fault : faults_at(point, target_)) {
      faults_.push_back({std::move(fault), spread(visits)});
      opportunities_ += visits;
      rounds_ = std::max<std::size_t>(rounds_, visits);
    }
  }
}

std::string TraceSweep::reason_to_skip() const {
  if (arms_itself_) return "it arms faults itself";
  return opportunities_ == 0 ? "it comes to no point at which something could happen" : "";
}

void TraceSweep::conclude(TestResult& result) {
  std::string how = "exhaustive";
  if (!runs_agree_) how = "sampled: its runs differ";
  if (tried_ < opportunities_) how = fmt::format("sampled: {} of them", tried_);
  if (how != "exhaustive") result.verdict = Verdict::inconclusive;
  for (const std::string& clause : trace_.clauses) result.clauses.try_emplace(clause, result.verdict);
  result.reason =
      fmt::format("swept: {} opportunities ({}), {} faults fired", opportunities_, how, result.evidence.faults_fired);
}

TestResult sweep_trace(Target& target, const std::filesystem::path& folder, const Trace& trace,
                       std::chrono::milliseconds most_time) {
  TraceSweep source(target.description(), trace);
  return Campaign(target, folder, {.least = 0, .most_time = most_time}).run(source);
}

}  // namespace assay::conformance
