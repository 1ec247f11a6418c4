#include "conformance/models/slow_requests.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace assay::conformance {
namespace {

using PlaceInTrace = std::pair<std::size_t, std::size_t>;  // step and exchange

// A run as a sequence of requests that do not wait.
class Sequence {
 public:
  explicit Sequence(const Trace& trace) : trace_(trace) {
    trace_.steps.clear();
    for (std::size_t step = 0; step < trace.steps.size(); ++step) {
      const auto* request = std::get_if<Request>(&trace.steps[step]);
      if (!request)
        act(std::get<Action>(trace.steps[step]));
      else if (request->background.empty())
        add(step, *request, 0, request->exchanges.size());
      else
        begin(step, *request);
    }
  }

  const Trace& trace() const { return trace_; }

  std::vector<Observation> of(std::span<const Observation> observations) const {
    std::vector<Observation> out;
    for (const Observation& seen : observations) {
      const auto found = now_at_.find({seen.step, seen.exchange});
      if (found == now_at_.end()) continue;
      out.push_back(seen);
      std::tie(out.back().step, out.back().exchange) = found->second;
    }
    return out;
  }

  PlaceInTrace original(PlaceInTrace now) const {
    const auto found = std::find_if(now_at_.begin(), now_at_.end(), [&](const auto& p) { return p.second == now; });
    return found == now_at_.end() ? now : found->first;
  }

 private:
  void add(std::size_t step, const Request& request, std::size_t first, std::size_t last) {
    if (first == last) return;
    Request part = request;
    part.background.clear();
    part.exchanges.assign(request.exchanges.begin() + static_cast<std::ptrdiff_t>(first),
                          request.exchanges.begin() + static_cast<std::ptrdiff_t>(last));
    for (std::size_t i = first; i < last; ++i) now_at_[{step, i}] = {trace_.steps.size(), i - first};
    trace_.steps.emplace_back(std::move(part));
  }

  void begin(std::size_t step, const Request& request) {
    const auto waits = std::find_if(request.exchanges.begin(), request.exchanges.end(), [](const Exchange& exchange) {
      return exchange.operation.kind() == OperationKind::rendezvous;
    });
    const auto place = static_cast<std::size_t>(waits - request.exchanges.begin());
    add(step, request, 0, place);
    if (waits == request.exchanges.end()) return;
    waiting_[waits->operation.text("name")] = {step, &request, place + 1};
  }

  void act(const Action& action) {
    switch (action.kind()) {
      case ActionKind::release:
        if (const auto found = waiting_.find(action.text("name")); found != waiting_.end()) {
          const auto [step, request, first] = found->second;
          add(step, *request, first, request->exchanges.size());
        }
        return;
      case ActionKind::wait_for_arrival:
      case ActionKind::await:
        return;
      default:
        trace_.steps.emplace_back(action);
    }
  }

  struct Waiting {
    std::size_t step;
    const Request* request;
    std::size_t first;  // of the exchanges behind the rendezvous
  };
  Trace trace_;
  std::map<PlaceInTrace, PlaceInTrace> now_at_;
  std::map<std::string, Waiting> waiting_;
};

}  // namespace

Judgement judge_in_sequence(const std::function<Judgement(const Trace&, std::span<const Observation>)>& model,
                            const Trace& trace, std::span<const Observation> observations) {
  const Sequence sequence(trace);
  Judgement judgement = model(sequence.trace(), sequence.of(observations));
  if (judgement.refusal)
    std::tie(judgement.refusal->step, judgement.refusal->exchange) =
        sequence.original({judgement.refusal->step, judgement.refusal->exchange});
  return judgement;
}

}  // namespace assay::conformance
