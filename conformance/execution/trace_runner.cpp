#include "conformance/execution/trace_runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/adapter/pool_partition.h"
#include "conformance/execution/several_masters.h"
#include "conformance/execution/waiting_thread.h"
#include "conformance/vocabulary/late_start.h"

namespace assay::conformance {
namespace {

// Monitors follow workers that share all caches: not those of several masters, nor of several partitions of the static cache.
bool shares_all(const Configuration& configuration) {
  const auto& pools = configuration.pools;
  return !has_several_masters(configuration) && std::all_of(pools.begin(), pools.end(), [&](const Pool& pool) {
    return partition_of(pool.ini) == partition_of(pools[0].ini);
  });
}

}  // namespace

TraceRunner::TraceRunner(const Trace& trace, TestBed& bed, const ExecutorOptions& options)
    : trace_(trace),
      bed_(bed),
      options_(options),
      judge_(trace, execution_),
      faults_(bed.control()),
      world_(bed.sandbox().root, options.allow_outside ? World::Outside::where_named : World::Outside::refused),
      rendezvous_(bed.sandbox().scratch) {
  if (options_.with_monitors && shares_all(trace.configuration)) monitors_ = options_.make_monitors();
  monitors_.begin(trace.configuration);
}

TraceRunner::TraceRunner(const Trace& trace, TestBed& bed, const ExecutorOptions& options, const Knowledge& before)
    : TraceRunner(trace, bed, options) {
  before_ = &before;
  now_ = before.now;
  labelled_ = before.labelled;
  for (const auto& seen : before.history) std::visit([&](const auto& what) { monitors_.observe(what); }, seen);
}

TraceRunner::~TraceRunner() {
  outside_lock_.let_go();
}

std::optional<Knowledge> TraceRunner::run_prefix() {
  for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
    if (!step(i)) return std::nullopt;
  }
  const bool is_quiet = background_.empty() && !faults_.is_armed() && !crash_;
  return is_quiet && execution_.verdict == Verdict::pass ? std::optional(learnt()) : std::nullopt;
}

Execution TraceRunner::run_rest(std::size_t first) {
  execution_.evidence.traces = 1;
  walk(first);
  faults_.report(execution_);
  return finish();
}

Execution TraceRunner::run_after_crash(std::size_t first) {
  judge_.begin_after_crash("");
  walk(first);
  return finish();
}

void TraceRunner::walk(std::size_t first) {
  bool going = true;
  for (std::size_t i = first; going && i < trace_.steps.size(); ++i) going = step(i);
  judge_.close();
  outside_lock_.let_go();
  if (going && finish_background()) {
    faults_.close_plan();
    note_unfired_faults();
  } else {
    faults_.close_plan();
    bed_.control().disarm();
    background_.abandon();
  }
  execution_.ended_at = now_;
}

// Closes the monitors and takes over what they found. A matcher that failed before them has the first word.
Execution TraceRunner::finish() {
  monitors_.finish();
  for (const auto& monitor : monitors_.monitors()) {
    if (monitor->judged() == 0) continue;
    execution_.monitored[std::string(monitor->id())] = monitor->violations().empty();
    for (const Violation& violation : monitor->violations()) execution_.violations.push_back(violation);
  }
  if (!execution_.violations.empty() && execution_.verdict == Verdict::pass) {
    const Violation& first = execution_.violations.front();
    execution_.verdict = Verdict::fail;
    execution_.failed_step = first.step;
    execution_.failed_exchange = first.exchange;
    execution_.reason = fmt::format("{}: {}", first.clause, first.message);
  }
  return std::move(execution_);
}

Knowledge TraceRunner::learnt() const {
  Knowledge learnt = before_ ? *before_ : Knowledge();
  learnt.now = now_;
  learnt.labelled = labelled_;
  auto taken = taken_.begin();
  const auto& observations = execution_.observations;
  for (std::size_t i = 0; i <= observations.size(); ++i) {
    for (; taken != taken_.end() && taken->first == i; ++taken) learnt.history.emplace_back(taken->second);
    if (i < observations.size()) learnt.history.emplace_back(observations[i]);
  }
  return learnt;
}

bool TraceRunner::step(std::size_t number) {
  const Step& next = trace_.steps[number];
  if (bed_.has_runtime() && is_start(next))
    return judge_.error(fmt::format("step {}: the runtime has started already", number + 1));
  if (!bed_.has_runtime() && !is_start(next) && !may_precede_start(next))
    return judge_.error(fmt::format("step {}: the runtime has not started yet", number + 1));
  if (const auto* a = std::get_if<Action>(&trace_.steps[number])) return action(number, *a);
  return request(number, std::get<Request>(trace_.steps[number]));
}

bool TraceRunner::request(std::size_t number, const Request& request) {
  if (crash_ && crash_->worker() == request.worker) return crash_in(number, request);
  auto limit = request.within_ms ? std::chrono::milliseconds(request.within_ms) : options_.request_limit;
  if (options_.longest_request.count() > 0) limit = std::min(limit, options_.longest_request);
  if (!request.background.empty()) {
    if (background_.contains(request.background))
      return judge_.error(fmt::format("two background requests are named \"{}\"", request.background));
    background_.add(request.background, {number, &request, now_, begin(request, limit)});
    return true;
  }
  auto outcome = bed_.runtime().worker(request.worker).execute(request.exchanges, limit);
  if (!outcome) return judge_.stop(outcome.error());
  collect(number, request, *outcome, now_);
  if (!judge_.judge(number, request, *outcome, labelled_)) return false;
  const bool is_gone = outcome->kind == Outcome::Kind::died || outcome->kind == Outcome::Kind::hung;
  if (!is_gone) return true;
  auto replaced = bed_.runtime().replace(request.worker);
  return replaced || judge_.stop(replaced.error());
}

std::unique_ptr<PendingRequest> TraceRunner::begin(const Request& request, std::chrono::milliseconds limit) {
  Worker& worker = bed_.runtime().worker(request.worker);
  auto begun = options_.in_turns && faults_.is_armed() ? worker.begin(request.exchanges, limit) : nullptr;
  return begun ? std::move(begun) : std::make_unique<WaitingThread>(worker, request.exchanges, limit, bed_.control());
}

// The request as the others know it: sent, never answered.
bool TraceRunner::crash_in(std::size_t number, const Request& request) {
  CrashSession crash = *std::exchange(crash_, std::nullopt);
  const auto is_foreground_request = [](const Step& step) {
    const auto* later = std::get_if<Request>(&step);
    return later && later->background.empty();
  };
  const auto next = trace_.steps.begin() + static_cast<std::ptrdiff_t>(number) + 1;
  if (crash.is_survey() && !std::all_of(next, trace_.steps.end(), is_foreground_request))
    return judge_.error("after a request whose crash states are explored only requests in the foreground may follow");

  const auto whole = crash.follow(request);
  if (!whole) return crash.shares_memory() ? judge_.stop(whole.error()) : judge_.skip(whole.error().message);
  execution_.crashes = crash.calls();
  if (*whole) {
    Request undisturbed = request;
    undisturbed.ends = "completed";
    if (!judge_.judge(number, undisturbed, **whole, labelled_)) return false;
  }
  if (auto settled = crash.settle(); !settled) return judge_.stop(settled.error());
  Outcome died;
  died.kind = Outcome::Kind::died;
  died.replies.assign(request.exchanges.size(), Reply::not_run());
  died.began = died.ended = std::chrono::steady_clock::now();
  collect(number, request, died, now_);
  if (!crash.is_survey()) {
    ++execution_.evidence.crash_states;
    judge_.begin_after_crash(crash.doubt());
    return true;
  }
  const Knowledge before = learnt();
  const auto rest = [&](std::chrono::milliseconds limit) {
    ExecutorOptions options = options_;
    options.longest_request = limit;
    return TraceRunner(trace_, bed_, options, before).run_after_crash(number + 1);
  };
  if (auto surveyed = crash.survey(rest, execution_); !surveyed) return judge_.stop(surveyed.error());
  return false;  // the rest of the trace has been judged
}

Expected<void> TraceRunner::await(BackgroundRequest background) {
  const Request& request = *background.request;
  const Outcome outcome = ASSAY_TRY(background.pending->outcome());
  collect(background.step, request, outcome, background.began_at);
  // Nothing follows a failure, so nobody needs a worker for it, which not every target can make.
  if (!judge_.judge(background.step, request, outcome, labelled_)) return {};
  if (background.is_killed || outcome.kind == Outcome::Kind::died || outcome.kind == Outcome::Kind::hung)
    return bed_.runtime().replace(request.worker);
  return {};
}

bool TraceRunner::finish_background() {
  while (!background_.empty()) {
    if (auto done = await(background_.take_first()); !done) return judge_.stop(done.error());
    if (execution_.verdict != Verdict::pass) return false;
  }
  return true;
}

void TraceRunner::collect(std::size_t step, const Request& request, const Outcome& outcome, std::int64_t began_at) {
  execution_.observations.reserve(trace_.steps.size());
  for (std::size_t i = 0; i < request.exchanges.size(); ++i) {
    const Exchange& exchange = request.exchanges[i];
    Observation observation{step,
                            i,
                            request.worker,
                            exchange.operation,
                            outcome.replies[i],
                            outcome.kind,
                            request.ends != "completed" && request.ends != "aborted" && request.ends != "lives",
                            outcome.began,
                            outcome.ended,
                            began_at,
                            now_};
    monitors_.observe(observation);
    if (!exchange.label.empty()) labelled_[exchange.label] = outcome.replies[i];
    execution_.observations.push_back(std::move(observation));
    ++execution_.evidence.operations;
  }
}

void TraceRunner::note_unfired_faults() {
  if (faults_.unfired().empty()) return;
  judge_.inconclusive(fmt::format("planned, but never fired: {}", fmt::join(faults_.unfired(), "; ")));
}

}  // namespace assay::conformance
