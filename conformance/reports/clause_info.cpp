#include "conformance/reports/clause_info.h"

#include "conformance/catalogue/catalogue.h"

namespace assay::conformance {

Contract contract_for(std::string_view contract, std::string_view php) {
  const Contract rules = Contract::named(contract).value_or(Contract::portable());
  const auto version = php_version_from(php);
  return version ? rules.judging(*version) : rules;
}

std::vector<ClauseInfo> clauses_under(std::string_view contract, std::string_view php) {
  const Contract rules = contract_for(contract, php);
  std::vector<ClauseInfo> result;
  for (const Clause& clause : all_clauses()) {
    result.push_back({std::string(clause.id), std::string(clause.title), std::string(clause.statement),
                      std::string(to_text(rules.strength(clause))), std::string(to_text(clause.area)),
                      std::string(clause.feature), std::string(clause.unobservable), std::string(clause.file),
                      clause.line});
  }
  return result;
}

}  // namespace assay::conformance
