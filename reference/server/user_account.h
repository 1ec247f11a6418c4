#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "support/error.h"

namespace assay::reference {

// An account of the machine.
struct UserAccount {
  std::string name;
  uid_t user = 0;
  gid_t group = 0;
};

Expected<UserAccount> find_account(const std::string& name);

// What `body` gives, run in a child process that has become the account: its user, its group and its further groups
// (PL-CFG-05). It shares memory that is shared, and nothing else. The error says that it could not become so, or how it
// ended instead.
Expected<std::string> run_as(const UserAccount& account, const std::function<std::string()>& body);

}  // namespace assay::reference
