// The actions of a run: files, clock, processes, faults.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "conformance/execution/run.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds meeting_limit{10};

Expected<points::Fault> fault_of(const Action& action) {
  std::string text = action.text("point") + " " + action.text("effect");
  if (!action.text("error").empty()) text += ":" + action.text("error");
  text += fmt::format(" {}:{}", action.flag("onwards") ? "from" : "once", action.integer("occurrence"));
  if (action.argument("worker").is_int()) text += fmt::format(" worker:{}", action.integer("worker"));
  auto fault = points::parse_fault(text);
  if (!fault) return failure(fault.error().message);
  return *fault;
}

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
    case ActionKind::meet:
      return meet(action.text("name"));
    case ActionKind::part:
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

Expected<void> Run::fault_action(const Action& action) {
  if (action.kind() == ActionKind::release) {
    const auto held = control_.wait_held(action.text("point"), points::kAnyWorker, meeting_limit);
    if (!held) return failure(fmt::format("no worker came to the point {}", action.text("point")));
    control_.release(action.text("point"));
    return {};
  }
  check_faults_fired();
  if (action.kind() == ActionKind::disarm) {
    plan_.clear();
    control_.disarm();
    return {};
  }
  auto fault = fault_of(action);
  if (!fault) return tl::unexpected(fault.error());
  plan_.push_back(*fault);
  if (auto armed = control_.arm(plan_); !armed) return failure(armed.error().message);
  return {};
}

// Notes the planned faults that did not fire before the plan changes; at the end they make the run inconclusive.
void Run::check_faults_fired() {
  if (plan_.empty()) return;
  for (const auto& status : control_.plan_status()) {
    execution_.evidence.faults_fired += status.fired;
    if (status.fired == 0 && status.fault.effect != points::Effect::kCount)
      unfired_.push_back(points::to_text(status.fault));
  }
  if (unfired_.empty() || execution_.verdict != Verdict::pass) return;
  execution_.verdict = Verdict::inconclusive;
  execution_.reason = fmt::format("planned, but never fired: {}", fmt::join(unfired_, "; "));
}

Expected<void> Run::meet(const std::string& name) {
  const auto file = sandbox_.scratch / ("rendezvous-" + name + ".arrived");
  const auto limit = std::chrono::steady_clock::now() + meeting_limit;
  while (!std::filesystem::exists(file)) {
    if (std::chrono::steady_clock::now() > limit)
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
