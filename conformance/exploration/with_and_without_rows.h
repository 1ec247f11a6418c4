#pragma once

#include <functional>
#include <vector>

#include "conformance/exploration/measured_replies.h"
#include "conformance/exploration/trace_source.h"
#include "conformance/generators/pairwise.h"

namespace assay::conformance {

// Crossings: the same operations in each row of values (generators/pairwise), once without a cache and once with it.
// What has a label in both traces gives with the cache, on whatever way it comes there, what it gives without.
class WithAndWithoutRows final : public TraceSource {
 public:
  enum class Cache { off, on };
  using MakeTrace = std::function<Trace(const Row&, Cache)>;
  WithAndWithoutRows(std::vector<Row> rows, MakeTrace make) : rows_(std::move(rows)), make_(std::move(make)) {}

  std::optional<Candidate> next() override;
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override;
  std::string counted() const override { return "rows"; }

 private:
  const std::vector<Row> rows_;
  const MakeTrace make_;
  std::size_t at_ = 0;
  bool is_measured_ = false;
  MeasuredReplies replies_{MeasuredReplies::What::result_and_output};
};

}  // namespace assay::conformance
