#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/contract.h"

namespace assay::conformance {

// What a report says of one clause under one contract: the catalogue's entry in the words of the reports. Plain data,
// so that a report can be judged and shown (and tested) with any set of clauses.
struct ClauseInfo {
  std::string id;            // "SC-VAL-02"
  std::string title;         // one line
  std::string statement;     // the clause's text, Markdown
  std::string strength;      // "must", "should" or "may", under the contract asked for
  std::string area;          // "script", "static", ... as --area selects them
  std::string feature;       // what a target must claim for it; empty: nothing
  std::string unobservable;  // why no test can exist; empty for all others
  std::string file;          // "docs/spec/script-cache.md"
  int line = 0;              // of its heading
};

// All clauses under a contract ("portable", "php-8.4"); an unknown contract stands for "portable". `php` is the version of
// the target's PHP, empty where it is none (Contract::judging). A copy: the caller's.
std::vector<ClauseInfo> clauses_under(std::string_view contract, std::string_view php);

// The rules that both name.
Contract contract_for(std::string_view contract, std::string_view php);

}  // namespace assay::conformance
