#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "conformance/exploration/measured_replies.h"
#include "conformance/exploration/point_visit.h"
#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// An operation and a change of the world, as traces: what comes first, and whether anything is known of the world
// before. The operation's reply has the label "operation"; the replies after both, which tell what is left, have labels
// that begin with "after".
struct MidOperation {
  enum class Order {
    operation_first,  // its visits of points are counted
    change_first,
    change_first_cold,  // ... and nothing was known before
    paused              // the change comes while the operation is paused at `at`
  };
  std::string name;
  std::function<Trace(Order, const PointVisit& at)> make;
  // What the operation may reply as well, because it looks twice and the change comes between the looks.
  std::vector<Matcher> between_looks{};
};

// The world changes in the middle of an operation, between any two of its calls: a worker is paused at each visit of
// each point that the operation comes to, and a change takes place. Where operation and change have an order, the reply
// is one of those that the two orders give (or of `between_looks`), and what is left afterwards as well; both are measured
// on the same target before, undisturbed. A pause that no worker comes to is not counted.
class ChangesInOperations final : public TraceSource {
 public:
  // The operations come in an order by `seed`, each with at most `most_visits` pauses (0: all), spread over its visits.
  ChangesInOperations(std::vector<MidOperation> operations, std::uint64_t seed, std::size_t most_visits);

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "pauses"; }
  std::string reason_to_skip() const override { return "the target visits no point in these operations"; }

 private:
  using Order = MidOperation::Order;
  void choose_visits(const Visits& visits);

  const std::vector<MidOperation> operations_;
  const std::size_t most_visits_;
  std::mt19937_64 random_;
  std::vector<std::size_t> order_;
  std::size_t at_ = 0;
  std::size_t orders_seen_ = 0;
  MeasuredReplies replies_{MeasuredReplies::What::result};  // what the orders gave
  std::vector<PointVisit> pauses_;                          // still to come
};

}  // namespace assay::conformance
