#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/execution/execution.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Replies that were measured, by the labels of their operations, and become expectations of another trace: what it asks
// under the same label has to give one of them.
class MeasuredReplies {
 public:
  // What of a reply is demanded again.
  enum class What { result, result_and_output };
  explicit MeasuredReplies(What what) : what_(what) {}

  // Of an execution of that trace; `only`: of replies with this label alone (empty: of all).
  void add(const Trace& trace, const Execution& execution, const std::string& only = "");
  // A reply that was not measured and is right as well.
  void allow(const std::string& label, Matcher reply);
  void clear() { replies_.clear(); }
  // The trace, with these expectations where nothing is expected yet.
  Trace expected_of(Trace trace) const;

 private:
  Matcher like(const Reply& reply) const;

  const What what_;
  std::map<std::string, std::vector<Matcher>> replies_;
};

}  // namespace assay::conformance
