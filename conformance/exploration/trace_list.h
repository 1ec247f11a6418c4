#pragma once

#include <functional>

#include "conformance/exploration/trace_source.h"

namespace assay::conformance {

// Traces that are known beforehand. One whose planned fault finds no visit does not exist on this target.
class TraceList final : public TraceSource {
 public:
  TraceList(std::vector<Trace> traces) : traces_(std::move(traces)) {}

  std::optional<Candidate> next() override {
    if (at_ == traces_.size()) return std::nullopt;
    return Candidate{traces_[at_++]};
  }
  std::string counted() const override { return "traces"; }

 private:
  std::vector<Trace> traces_;
  std::size_t at_ = 0;
};

}  // namespace assay::conformance
