#include "conformance/exploration/compared_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::milliseconds patient_limit{30'000};

ExecutorOptions executor_options(std::chrono::milliseconds limit = ExecutorOptions{}.request_limit) {
  ExecutorOptions options;
  options.with_monitors = false;
  options.request_limit = std::max(limit, options.request_limit);
  return options;
}

std::filesystem::path made(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);  // what cannot be made, the first run complains about
  return folder;
}

std::int64_t real_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool shows_end(const Execution& execution, Outcome::Kind kind) {
  return std::any_of(execution.observations.begin(), execution.observations.end(),
                     [&](const Observation& seen) { return seen.outcome == kind; });
}

}  // namespace

ComparedTargets::ComparedTargets(ComparedSide a, ComparedSide b, std::filesystem::path folder, bool memory)
    : a_(std::move(a)),
      b_(std::move(b)),
      memory_(memory),
      on_a_(a_.target, made(folder / "runs"), executor_options()),
      on_b_(b_.target, folder / "runs", executor_options()),
      patient_a_(a_.target, made(folder / "long"), executor_options(patient_limit)),
      patient_b_(b_.target, folder / "long", executor_options(patient_limit)) {}

std::string ComparedTargets::why_without(const CallSpec& spec) const {
  if (const auto learnt = unknown_.find(spec.name); learnt != unknown_.end()) return learnt->second;
  for (const Description* target : {&a(), &b()}) {
    const auto unknown = target->unknown_operations.find(spec.name);
    if (unknown != target->unknown_operations.end()) return fmt::format("{}: {}", target->name, unknown->second);
    if (!target->features.contains(spec.feature))
      return fmt::format("{} does not claim {}", target->name, spec.feature);
  }
  return "";
}

bool ComparedTargets::leave_out(const CallSpec& spec) {
  std::string why = why_without(spec);
  if (why.empty()) return false;
  LeftOut& counted = left_out_[spec.name];
  ++counted.times;
  counted.why = std::move(why);
  return true;
}

std::optional<Trace> ComparedTargets::followable(const Trace& history) {
  for (const std::string& feature : history.needs) {
    for (const Description* target : {&a(), &b()}) {
      if (target->features.contains(feature)) continue;
      LeftOut& counted = left_out_["histories that need " + feature];
      ++counted.times;
      counted.why = fmt::format("{} does not claim it", target->name);
      return std::nullopt;
    }
  }
  Trace kept = history;
  kept.clauses.clear();
  kept.choices.clear();
  kept.steps.clear();
  bool asks = false;
  for (Step step : history.steps) {
    if (const auto* action = std::get_if<Action>(&step)) {
      if (!leave_out(*action->spec)) kept.steps.push_back(std::move(step));
      continue;
    }
    auto& request = std::get<Request>(step);
    std::erase_if(request.exchanges, [&](const Exchange& exchange) { return leave_out(*exchange.operation.spec); });
    if (request.exchanges.empty()) continue;
    for (Exchange& exchange : request.exchanges) exchange = {std::move(exchange.operation), "", std::nullopt};
    request.ends = "unjudged";
    kept.steps.push_back(std::move(step));
    asks = true;
  }
  return asks && is_legal(kept) ? std::optional(std::move(kept)) : std::nullopt;
}

Trace ComparedTargets::with(Trace trace, const Directives& ini) {
  for (const auto& [name, value] : ini) {
    trace.configuration.ini[name] = value;
    for (Pool& pool : trace.configuration.pools) pool.ini.erase(name);
  }
  return trace;
}

bool ComparedTargets::learns_unknown_operation(const Execution& execution, const Description& of) {
  for (const Observation& seen : execution.observations) {
    if (seen.reply.kind != Reply::Kind::unsupported) continue;
    unknown_[seen.operation.spec->name] = fmt::format("{}: {}", of.name, seen.reply.error_message);
    return true;
  }
  return false;
}

ComparedRuns ComparedTargets::run_once(const Trace& trace, Executor& a, Executor& b) {
  ComparedRuns runs;
  ComparisonRules rules;
  rules.memory = memory_;
  rules.real_began = real_seconds() - 1;
  runs.a = a.run(on_a(trace));
  runs.b = b.run(on_b(trace));
  rules.real_ended = real_seconds() + 1;
  if (learns_unknown_operation(runs.a, this->a()) || learns_unknown_operation(runs.b, this->b())) {
    runs.not_compared = "an operation that one target turned down only when it was asked";
    return runs;
  }
  runs.differences = differences_between(runs.a.observations, runs.b.observations, rules);
  const bool whole_a = runs.a.verdict == Verdict::pass, whole_b = runs.b.verdict == Verdict::pass;
  if (whole_a && whole_b) return runs;
  if (!whole_a && !whole_b) {
    if (runs.differences.empty() && runs.a.observations.empty()) runs.not_compared = runs.a.reason;
    return runs;
  }
  const std::string why = without_particulars((whole_a ? runs.b : runs.a).reason).substr(0, 120);
  const auto end_of = [](const Execution& run) { return run.verdict == Verdict::pass ? "goes on" : run.reason; };
  runs.differences.push_back({trace.steps.size(), 0, fmt::format("the target: {} broke: {}", whole_a ? "B" : "A", why),
                              end_of(runs.a), end_of(runs.b), std::nullopt, std::nullopt});
  return runs;
}

// On a busy machine a request may seem to hang: what hangs is asked again, and waited for longer.
ComparedRuns ComparedTargets::run(const Trace& trace) {
  ComparedRuns runs = run_once(trace, on_a_, on_b_);
  const bool may_hang = shows_end(runs.a, Outcome::Kind::hung) != shows_end(runs.b, Outcome::Kind::hung);
  return may_hang ? run_once(trace, patient_a_, patient_b_) : runs;
}

bool ComparedTargets::tells_apart(const Trace& test) {
  const Execution a = on_a_.run(on_a(test)), b = on_b_.run(on_b(test));
  return a.verdict == Verdict::pass && (b.verdict == Verdict::fail || b.verdict == Verdict::error);
}

}  // namespace assay::conformance
