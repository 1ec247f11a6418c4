#include "conformance/exploration/changes_in_operations.h"

#include <algorithm>
#include <numeric>

#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

constexpr MidOperation::Order kUndisturbed[] = {MidOperation::Order::operation_first, MidOperation::Order::change_first,
                                                MidOperation::Order::change_first_cold};

}  // namespace

ChangesInOperations::ChangesInOperations(std::vector<MidOperation> operations, std::uint64_t seed,
                                         std::size_t most_visits)
    : operations_(std::move(operations)), most_visits_(most_visits), random_(seed), order_(operations_.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::shuffle(order_.begin(), order_.end(), random_);
}

std::optional<Candidate> ChangesInOperations::next() {
  if (orders_seen_ == std::size(kUndisturbed) && pauses_.empty()) {
    ++at_;
    orders_seen_ = 0;
    replies_.clear();
  }
  if (at_ >= order_.size()) return std::nullopt;
  const MidOperation& operation = operations_[order_[at_]];
  if (orders_seen_ < std::size(kUndisturbed))
    return Candidate{operation.make(kUndisturbed[orders_seen_], {}), Candidate::Role::probe};
  const PointVisit at = pauses_.back();
  pauses_.pop_back();
  return Candidate{replies_.expected_of(operation.make(Order::paused, at)), Candidate::Role::counted,
                   &Evidence::interleavings};
}

std::uint64_t ChangesInOperations::observe(const Candidate& candidate, const Execution& execution) {
  if (candidate.role == Candidate::Role::counted)
    return execution.verdict == Verdict::pass && execution.evidence.faults_fired > 0 ? 1 : 0;
  const Order order = kUndisturbed[orders_seen_++];
  // What is left is that of the two orders; who knew nothing before may still say what is true.
  replies_.add(candidate.trace, execution, order == Order::change_first_cold ? "operation" : "");
  if (order != Order::operation_first) return 0;
  for (const Matcher& reply : operations_[order_[at_]].between_looks) replies_.allow("operation", reply);
  choose_visits(execution.counted);
  return 0;
}

void ChangesInOperations::choose_visits(const Visits& visits) {
  pauses_.clear();
  for (const auto& [name, count] : visits) {
    const auto* point = points::find_point(name);
    if (!point || !point->allows(points::Effect::pause)) continue;
    for (std::uint64_t visit = 1; visit <= count; ++visit) pauses_.push_back({name, visit});
  }
  std::shuffle(pauses_.begin(), pauses_.end(), random_);
  if (most_visits_ > 0 && pauses_.size() > most_visits_) pauses_.resize(most_visits_);
}

}  // namespace assay::conformance
