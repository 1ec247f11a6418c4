#include "conformance/command/unlocks.h"

#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace assay::conformance {

std::set<std::string> features_needed(const TestCase& test) {
  return test.trace ? features_of(test.trace(Description{})) : test.needs;
}

Unlocks what_unlocks(const std::set<std::string>& claimed) {
  Unlocks unlocks;
  for (const Clause& clause : all_clauses()) {
    const std::string feature(clause.feature);
    if (clause.unobservable.empty() && !feature.empty() && !claimed.contains(feature))
      ++unlocks.by_feature[feature].clauses;
  }
  for (const TestCase& test : all_tests()) {
    std::vector<std::string> lacking;
    for (const std::string& feature : features_needed(test)) {
      if (!claimed.contains(feature)) lacking.push_back(feature);
    }
    if (lacking.size() == 1) ++unlocks.by_feature[lacking[0]].tests;
    if (lacking.size() > 1) ++unlocks.several;
  }
  return unlocks;
}

}  // namespace assay::conformance
