// The actions of a run: files, clock, processes, faults.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "conformance/execution/run.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds meeting_limit{10};

}  // namespace

Expected<void> Run::act(const Action& action) {
  const std::string_view feature = action.spec->feature;
  if (feature == "files") return world_.apply(action, now_);
  if (feature == "fault") return fault_action(action);
  switch (action.kind()) {
    case ActionKind::advance_clock: {
      const std::chrono::seconds by(action.integer("seconds"));
      now_ += by.count();
      // A step back is one of the wall clock alone: no monotonic clock runs backwards.
      if (by.count() >= 0)
        control_.advance_clock(by);
      else
        control_.step_realtime(by);
      return {};
    }
    case ActionKind::reload:
      return runtime_.reload();
    case ActionKind::explore_crash:
      explore_ = action;
      return {};
    case ActionKind::hold_lock:
      return hold_lock(action);
    case ActionKind::release_lock:
      outside_lock_.let_go();
      return {};
    case ActionKind::wait_for_arrival:
      return meet(action.text("name"));
    case ActionKind::release:
      return let_part(action.text("name"));
    default:
      return process_action(action);
  }
}

Expected<void> Run::process_action(const Action& action) {
  const int number = static_cast<int>(action.integer("worker"));
  if (number < 0 || number >= trace_.configuration.worker_count())
    return failure(fmt::format("there is no worker {}", number));
  if (action.kind() == ActionKind::kill) {
    bool in_request = false;
    for (const auto& [name, background] : background_) {
      in_request = in_request || std::get<Request>(trace_.steps[background.step]).worker == number;
    }
    if (!in_request) return runtime_.replace(number);
    killed_.insert(number);
  }
  const auto pid = runtime_.worker(number).process();
  if (!pid) return failure(fmt::format("worker {} has no process", number));
  const int signal = action.kind() == ActionKind::kill   ? SIGKILL
                     : action.kind() == ActionKind::stop ? SIGSTOP
                                                         : SIGCONT;
  if (::kill(*pid, signal) != 0)
    return failure(fmt::format("cannot signal worker {} (process {}): {}", number, *pid, std::strerror(errno)));
  return {};
}

Expected<void> Run::hold_lock(const Action& action) {
  const auto bytes = ASSAY_TRY(runtime_.lock_bytes());
  return outside_lock_.take(bytes, action.text("lock"), action.flag("shared"));
}

Expected<void> Run::meet(const std::string& name) {
  const auto file = sandbox_.scratch / ("rendezvous-" + name + ".arrived");
  const auto limit = std::chrono::steady_clock::now() + meeting_limit;
  const auto is_running = [](const auto& entry) { return !entry.second.pending->is_over(); };
  while (!std::filesystem::exists(file)) {
    // Nobody is on the way any more. Where a fault ended the request early, it is judged where it is awaited.
    const bool is_lost = std::none_of(background_.begin(), background_.end(), is_running);
    if (is_lost && has_armed_) return {};
    if (is_lost || std::chrono::steady_clock::now() > limit)
      return failure(fmt::format("no request arrived at the rendezvous \"{}\"", name));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return {};
}

Expected<void> Run::let_part(const std::string& name) {
  std::ofstream file(sandbox_.scratch / ("rendezvous-" + name + ".go"));
  if (!file) return failure(fmt::format("cannot make the file for the rendezvous \"{}\"", name));
  return {};
}

}  // namespace assay::conformance
