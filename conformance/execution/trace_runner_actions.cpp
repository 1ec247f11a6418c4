// The actions of a trace: files, clock, processes, rendezvous, faults, locks.
#include <fmt/format.h>
#include <signal.h>

#include <cerrno>
#include <cstring>

#include "conformance/adapter/ended_start.h"
#include "conformance/adapter/root_text.h"
#include "conformance/execution/trace_runner.h"

namespace assay::conformance {

bool TraceRunner::action(std::size_t number, const Action& action) {
  const auto began = std::chrono::steady_clock::now();
  if (action.kind() == ActionKind::await) {
    const std::string& name = action.text("request");
    if (!background_.contains(name)) return judge_.error(fmt::format("no background request is named \"{}\"", name));
    if (auto done = await(background_.take(name)); !done) return judge_.stop(done.error());
    if (execution_.verdict != Verdict::pass) return false;
  } else if (action.kind() == ActionKind::start || action.kind() == ActionKind::reload) {
    if (!start_or_reload(number, action)) return false;
  } else if (auto done = act(number, action); !done) {
    if (done.error().code == leads_out) execution_.leads_out = number;
    Error why = done.error();
    why.message = fmt::format("step {} ({}): {}", number + 1, action.spec->name, why.message);
    return judge_.stop(why);
  }
  const ActionTaken taken{number, &action, began, std::chrono::steady_clock::now(), now_};
  monitors_.observe(taken);
  taken_.emplace_back(execution_.observations.size(), taken);
  return true;
}

// False where nothing is left to ask: it failed, as expected or not.
bool TraceRunner::start_or_reload(std::size_t number, const Action& action) {
  const auto done = action.kind() == ActionKind::start ? bed_.start_runtime() : bed_.runtime().reload();
  if (!done && done.error().code != ended_while_starting) return judge_.stop(done.error());
  const std::string said = done ? bed_.runtime().log() : done.error().message;
  return judge_.judge_start(number, action, !done, without_root(said, bed_.sandbox().root.string())) && done;
}

Expected<void> TraceRunner::act(std::size_t number, const Action& action) {
  const std::string_view feature = action.spec->feature;
  if (feature == "files") return world_.apply(action, now_);
  if (feature == "fault") return fault_action(number, action);
  switch (action.kind()) {
    case ActionKind::advance_clock:
      return advance_clock(std::chrono::seconds(action.integer("seconds")));
    case ActionKind::explore_crash:
      crash_.emplace(action, bed_, trace_.configuration.worker_count());
      return {};
    case ActionKind::hold_lock:
      return outside_lock_.take(ASSAY_TRY(bed_.runtime().lock_bytes()), action.text("lock"), action.flag("shared"));
    case ActionKind::release_lock:
      outside_lock_.let_go();
      return {};
    case ActionKind::wait_for_arrival:
      return wait_for_arrival(action.text("name"));
    case ActionKind::release:
      return rendezvous_.release(action.text("name"));
    default:
      return process_action(action);
  }
}

Expected<void> TraceRunner::fault_action(std::size_t number, const Action& action) {
  switch (action.kind()) {
    case ActionKind::arm:
      return faults_.arm(action, is_followed_by(number, ActionKind::arm));
    case ActionKind::unpause:
      return faults_.unpause(action);
    case ActionKind::wait_until_blocked: {
      const int worker = static_cast<int>(action.integer("worker"));
      auto waited = wait_until_blocked(worker);
      faults_.end_turn(worker);
      return waited;
    }
    default:
      faults_.disarm();
      note_unfired_faults();
      return {};
  }
}

bool TraceRunner::is_followed_by(std::size_t number, ActionKind kind) const {
  const auto* next = number + 1 < trace_.steps.size() ? std::get_if<Action>(&trace_.steps[number + 1]) : nullptr;
  return next && next->kind() == kind;
}

Expected<void> TraceRunner::process_action(const Action& action) {
  const int number = static_cast<int>(action.integer("worker"));
  if (number < 0 || number >= trace_.configuration.worker_count())
    return failure(
        fmt::format("there is no worker {}; they are 0 to {}", number, trace_.configuration.worker_count() - 1));
  if (action.kind() == ActionKind::kill && !background_.mark_killed(number)) return bed_.runtime().replace(number);
  const auto pid = bed_.runtime().worker(number).process();
  if (!pid) return failure(fmt::format("worker {} has no process", number));
  const int signal = action.kind() == ActionKind::kill   ? SIGKILL
                     : action.kind() == ActionKind::stop ? SIGSTOP
                                                         : SIGCONT;
  if (::kill(*pid, signal) != 0)
    return failure(fmt::format("cannot signal worker {} (process {}): {}", number, *pid, std::strerror(errno)));
  return {};
}

Expected<void> TraceRunner::advance_clock(std::chrono::seconds by) {
  now_ += by.count();
  // A step back is one of the wall clock alone: no monotonic clock runs backwards.
  if (by.count() >= 0)
    bed_.control().advance_clock(by);
  else
    bed_.control().step_realtime(by);
  return {};
}

Expected<void> TraceRunner::wait_for_arrival(const std::string& name) {
  const bool has_arrived = ASSAY_TRY(rendezvous_.wait_for_arrival(name, [&] { return background_.is_any_running(); }));
  // Where a fault ended the request early, it is judged where it is awaited.
  if (has_arrived || faults_.has_armed()) return {};
  return failure(fmt::format("no request arrived at the rendezvous \"{}\"", name));
}

Expected<void> TraceRunner::wait_until_blocked(int worker) {
  const auto is_over = [&] { return !background_.is_running(worker); };
  const auto process = bed_.runtime().worker(worker).process();
  if (!outside_lock_.holds()) return faults_.wait_until_paused(worker, process, is_over);
  if (!process) return failure(fmt::format("worker {} has no process", worker));
  const auto is_over_or_paused = [&] {
    return is_over() || bed_.control().wait_held("*", worker, std::chrono::milliseconds(1));
  };
  return outside_lock_.wait_until_blocked(*process, worker, is_over_or_paused);
}

}  // namespace assay::conformance
