#include "conformance/generators/variations.h"

#include <fmt/format.h>

#include "conformance/generators/draw.h"

namespace assay::conformance {
namespace {

bool moves_the_clock(const Step& step) {
  const auto* action = std::get_if<Action>(&step);
  return action && action->kind() == ActionKind::advance_clock;
}

class Slowing {
 public:
  Slowing(Draw& draw, Trace& trace) : draw_(draw), steps_(std::move(trace.steps)), out_(trace.steps) {}

  void run() {
    out_.clear();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      auto* request = std::get_if<Request>(&steps_[i]);
      const bool can_wait = request && request->background.empty() && request->exchanges.size() > 1;
      const bool has_clock = i + 1 < steps_.size() && moves_the_clock(steps_[i + 1]);
      if (!can_wait || !has_clock || !draw_.percent(70)) {
        out_.push_back(std::move(steps_[i]));
        continue;
      }
      slow_down(std::move(*request), std::move(steps_[i + 1]));
      ++i;
    }
  }

 private:
  void slow_down(Request request, Step clock) {
    const std::string name = fmt::format("slow {}", ++number_);
    request.background = name;
    const auto place = draw_.between(1, static_cast<std::int64_t>(request.exchanges.size()) - 1);
    request.exchanges.insert(request.exchanges.begin() + place,
                             {make_operation(OperationKind::rendezvous, {{"name", name}}), "", std::nullopt});
    out_.emplace_back(std::move(request));
    out_.emplace_back(make_action(ActionKind::wait_for_arrival, {{"name", name}}));
    out_.push_back(std::move(clock));
    out_.emplace_back(make_action(ActionKind::release, {{"name", name}}));
    out_.emplace_back(make_action(ActionKind::await, {{"request", name}}));
  }

  Draw& draw_;
  std::vector<Step> steps_;
  std::vector<Step>& out_;
  int number_ = 0;
};

}  // namespace

Trace twice_in_a_row(Trace trace, std::uint64_t seed) {
  return generate(seed, [&](Draw& draw) {
    std::vector<Step> steps;
    for (const Step& step : trace.steps) {
      steps.push_back(step);
      const auto* request = std::get_if<Request>(&step);
      if (request && request->background.empty() && draw.percent(40)) steps.push_back(step);
    }
    Trace twice = trace;
    twice.steps = std::move(steps);
    return twice;
  });
}

Trace with_slow_requests(Trace trace, std::uint64_t seed) {
  return generate(seed, [&](Draw& draw) {
    Trace slow = trace;
    Slowing(draw, slow).run();
    return slow;
  });
}

}  // namespace assay::conformance
