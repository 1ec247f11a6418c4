#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// A scenario that names replies, for a source that looks for them in the trace.
class LabelledScenario : public Scenario {
 public:
  using Scenario::Scenario;

  Trace build_labelled(std::string name, std::vector<std::string> clauses) {
    Trace trace = build(std::move(name), std::move(clauses));
    for (auto& [asked, label] : labels_)
      std::get<Request>(trace.steps[asked.step]).exchanges[asked.exchange].label = std::move(label);
    return trace;
  }

 protected:
  void label(ReplyRef asked, std::string name) { labels_.emplace_back(asked, std::move(name)); }

 private:
  std::vector<std::pair<ReplyRef, std::string>> labels_;
};

}  // namespace assay::conformance
