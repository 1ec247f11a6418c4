#include "conformance/reports/clause_info.h"

#include "conformance/catalogue/catalogue.h"

namespace assay::conformance {

std::vector<ClauseInfo> clauses_under(std::string_view contract) {
  const Contract rules = contract_named(contract).value_or(Contract::portable);
  std::vector<ClauseInfo> result;
  for (const Clause& clause : all_clauses()) {
    result.push_back({std::string(clause.id), std::string(clause.title), std::string(clause.statement),
                      std::string(to_text(clause.strength(rules))), std::string(to_text(clause.area)),
                      std::string(clause.feature), std::string(clause.unobservable), std::string(clause.file),
                      clause.line});
  }
  return result;
}

}  // namespace assay::conformance
