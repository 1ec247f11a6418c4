#pragma once

#include <string>

#include "conformance/adapter/target.h"
#include "conformance/catalogue/contract.h"
#include "support/error.h"

namespace assay::conformance {

// By which rules a run judges.
struct ContractChoice {
  Contract contract = Contract::portable();  // judging the target's PHP, where it is one
  std::string php;                           // the version of the target's PHP, "8.4.27"; empty: it is none
  std::string notice;                        // for people: what was decided for them; empty: nothing
};

// `asked` is what --contract says, empty where it was left out. Left out, a PHP is judged by the contract of its own
// branch, and one that is newer than all by the newest, with a notice; everything else by "portable".
// An error for a PHP that is older than all, or an adapter that names a contract that is none.
Expected<ContractChoice> choose_contract(const std::string& asked, const Description& description);

}  // namespace assay::conformance
