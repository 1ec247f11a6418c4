#include "conformance/execution/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <fstream>

#include "conformance/execution/waiting_thread.h"

namespace assay::conformance {

Run::Run(const Trace& trace, Runtime& runtime, const Sandbox& sandbox, points::ControlBlock& control,
         const ExecutorOptions& options, MonitorSet& monitors, Execution& execution)
    : trace_(trace),
      runtime_(runtime),
      sandbox_(sandbox),
      control_(control),
      options_(options),
      monitors_(monitors),
      execution_(execution),
      world_(sandbox.root) {
  for (const Step& at : trace.steps) {
    const auto* a = std::get_if<Action>(&at);
    keeps_history_ = keeps_history_ || (a && a->kind() == ActionKind::explore_crash);
  }
}

Run::~Run() {
  outside_lock_.let_go();
  background_.clear();
}

void Run::steps_from(std::size_t first) {
  bool going = true;
  for (step_ = first; going && step_ < trace_.steps.size(); ++step_) going = step(step_);
  if (after_crash_) close_crash();
  outside_lock_.let_go();
  if (going && finish_background())
    check_faults_fired();
  else
    abandon_background();
  execution_.ended_at = now_;
}

bool Run::beginning(std::size_t steps) {
  keeps_history_ = true;
  bool going = true;
  for (step_ = 0; going && step_ < steps; ++step_) going = step(step_);
  return going && execution_.verdict == Verdict::pass && background_.empty() && plan_.empty() && !explore_;
}

// What another run learnt on this runtime, its monitors too.
void Run::know(const Run& before) {
  labelled_ = before.labelled_;
  now_ = before.now_;
  for (const Seen& seen : before.history_) std::visit([&](const auto& what) { monitors_.observe(what); }, seen);
}

void Run::rest_of(const Run& beginning, std::size_t first) {
  know(beginning);
  steps_from(first);
  note_points();
}

bool Run::step(std::size_t number) {
  if (const auto* a = std::get_if<Action>(&trace_.steps[number])) return action(number, *a);
  return request(number, std::get<Request>(trace_.steps[number]));
}

bool Run::request(std::size_t number, const Request& request) {
  if (explore_ && explore_->integer("worker") == request.worker) return crash_request(number, request);
  auto limit = request.within_ms ? std::chrono::milliseconds(request.within_ms) : options_.request_limit;
  if (options_.longest_request.count() > 0) limit = std::min(limit, options_.longest_request);
  Worker& worker = runtime_.worker(request.worker);
  if (!request.background.empty()) {
    if (background_.contains(request.background))
      return error(fmt::format("two background requests are named \"{}\"", request.background));
    background_.emplace(request.background, Background{number, now_, begin(request, limit)});
    return true;
  }
  auto outcome = worker.execute(request.exchanges, limit);
  if (!outcome) return error(outcome.error().message);
  collected(number, request, *outcome, now_);
  if (!judge(number, request, *outcome)) return false;
  const bool worker_gone = outcome->kind == Outcome::Kind::died || outcome->kind == Outcome::Kind::hung;
  if (!worker_gone) return true;
  auto replaced = runtime_.replace(request.worker);
  return replaced || error(replaced.error().message);
}

std::unique_ptr<PendingRequest> Run::begin(const Request& request, std::chrono::milliseconds limit) {
  Worker& worker = runtime_.worker(request.worker);
  auto begun = options_.in_turns && !plan_.empty() ? worker.begin(request.exchanges, limit) : nullptr;
  return begun ? std::move(begun) : std::make_unique<WaitingThread>(worker, request.exchanges, limit, control_);
}

bool Run::action(std::size_t number, const Action& action) {
  const auto began = std::chrono::steady_clock::now();
  if (action.kind() == ActionKind::await) {
    const std::string& name = action.text("request");
    const auto found = background_.find(name);
    if (found == background_.end()) return error(fmt::format("no background request is named \"{}\"", name));
    if (auto done = await(name); !done) return error(done.error().message);
    if (execution_.verdict != Verdict::pass) return false;
  } else if (auto done = act(action); !done) {
    return error(fmt::format("step {} ({}): {}", number + 1, action.spec->name, done.error().message));
  }
  const ActionTaken taken{number, &action, began, std::chrono::steady_clock::now(), now_};
  monitors_.observe(taken);
  if (keeps_history_) history_.emplace_back(taken);
  return true;
}

Expected<void> Run::await(const std::string& name) {
  auto node = background_.extract(name);
  Background& background = node.mapped();
  auto outcome = ASSAY_TRY(background.pending->outcome());
  const Request& request = std::get<Request>(trace_.steps[background.step]);
  collected(background.step, request, outcome, background.began_at);
  judge(background.step, request, outcome);
  // A kill may have come when the request had just been completed: the worker is gone all the same.
  const bool killed = killed_.erase(request.worker) > 0;
  if (killed || outcome.kind == Outcome::Kind::died || outcome.kind == Outcome::Kind::hung)
    return runtime_.replace(request.worker);
  return {};
}

bool Run::finish_background() {
  while (!background_.empty()) {
    if (auto done = await(background_.begin()->first); !done) return error(done.error().message);
    if (execution_.verdict != Verdict::pass) return false;
  }
  return true;
}

// Nobody judges them any more, but who goes on with this runtime must not find them running, nor their answers.
void Run::abandon_background() {
  control_.disarm();
  for (auto& [name, background] : background_) (void)background.pending->outcome();
  background_.clear();
}

void Run::collected(std::size_t step, const Request& request, const Outcome& outcome, std::int64_t began_at) {
  execution_.observations.reserve(trace_.steps.size());
  for (std::size_t i = 0; i < request.exchanges.size(); ++i) {
    const Exchange& exchange = request.exchanges[i];
    Observation observation{step,
                            i,
                            request.worker,
                            exchange.operation,
                            outcome.replies[i],
                            outcome.kind,
                            outcome.began,
                            outcome.ended,
                            began_at,
                            now_};
    monitors_.observe(observation);
    if (keeps_history_) history_.emplace_back(observation);
    if (!exchange.label.empty()) labelled_[exchange.label] = outcome.replies[i];
    execution_.observations.push_back(std::move(observation));
    ++execution_.evidence.operations;
  }
}

bool Run::judge(std::size_t step, const Request& request, const Outcome& outcome) {
  if (request.ends == "any" && outcome.kind != Outcome::Kind::completed) return true;
  if (!judge_end(step, request, outcome)) return after_crash_ && outcome.kind == Outcome::Kind::aborted;
  for (std::size_t i = 0; i < request.exchanges.size(); ++i) {
    if (!judge_exchange(step, i, request.exchanges[i], outcome.replies[i])) return false;
  }
  return true;
}

// Which of the trace's clauses a request breaks that does not end as it should, whatever it asked for.
std::string Run::clause_of_end(Outcome::Kind kind) const {
  const bool gone = kind == Outcome::Kind::hung || kind == Outcome::Kind::died;
  for (const char* clause : {gone ? "GU-LIV-01" : "GU-VAL-07", gone ? "GU-LIV-01" : "GU-VAL-01"})
    if (has_clause(clause)) return clause;
  return "";
}

void Run::note_mismatch(const std::string& clause, std::string what) {
  mismatches_.try_emplace(clause, std::move(what));
  if (!clause.empty()) execution_.also_broken.insert(clause);
}

bool Run::judge_end(std::size_t step, const Request& request, const Outcome& outcome) {
  const std::string expected = request.ends == "any" ? "completed" : request.ends;
  if (to_text(outcome.kind) == expected) return true;
  std::string actual = fmt::format("the request {}", to_text(outcome.kind));
  if (!outcome.detail.empty()) actual += ": " + outcome.detail;
  const bool first = execution_.verdict != Verdict::fail;
  if (first) {
    fail(step, 0, "the request " + expected, actual, "");
    // How a request ends says nothing about the clause of its first operation.
    execution_.failed_clause = after_crash_ ? clause_of_end(outcome.kind) : "";
  }
  if (after_crash_) note_mismatch(clause_of_end(outcome.kind), fmt::format("step {}: {}", step + 1, actual));
  return false;
}

bool Run::judge_exchange(std::size_t step, std::size_t number, const Exchange& exchange, const Reply& reply) {
  if (reply.kind == Reply::Kind::unsupported) {
    execution_.verdict = Verdict::skip;
    execution_.reason =
        fmt::format("the target does not support {}: {}", exchange.operation.spec->name, reply.error_message);
    return false;
  }
  if (!exchange.expected) return true;
  const auto found = mismatch(*exchange.expected, reply, labelled_);
  if (!found) return true;
  if (after_crash_ && mismatches_.contains(exchange.clause)) return true;
  const bool first = execution_.verdict != Verdict::fail;
  if (first) fail(step, number, *found, to_text(reply), "");
  if (after_crash_)
    note_mismatch(exchange.clause, first ? execution_.reason
                                         : fmt::format("step {}, {}: expected {}", step + 1,
                                                       to_text(static_cast<const Call&>(exchange.operation)), *found));
  return after_crash_;
}

bool Run::fail(std::size_t step, std::size_t exchange, std::string expected, std::string actual, std::string reason) {
  execution_.verdict = Verdict::fail;
  execution_.failed_step = step;
  execution_.failed_exchange = exchange;
  execution_.expected = std::move(expected);
  execution_.actual = std::move(actual);
  const Step& at = trace_.steps[step];
  const auto* request = std::get_if<Request>(&at);
  if (request && exchange < request->exchanges.size()) execution_.failed_clause = request->exchanges[exchange].clause;
  const std::string what = request && exchange < request->exchanges.size()
                               ? to_text(static_cast<const Call&>(request->exchanges[exchange].operation))
                               : "";
  execution_.reason = reason.empty() ? fmt::format("step {}, {}: expected {}, got {}", step + 1, what,
                                                   execution_.expected, execution_.actual)
                                     : std::move(reason);
  return false;
}

bool Run::has_clause(const std::string& clause) const {
  return std::find(trace_.clauses.begin(), trace_.clauses.end(), clause) != trace_.clauses.end();
}

bool Run::error(std::string reason) {
  execution_.verdict = Verdict::error;
  execution_.reason = std::move(reason);
  return false;
}

}  // namespace assay::conformance
