#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Where and as whom the workers of a pool serve, if not as the suite itself. Both stand among the directives of the pool in
// a trace, as php-fpm has them.
inline constexpr const char* kPoolUser = "user";    // a name; its group is that of the account
inline constexpr const char* kPoolRoot = "chroot";  // a folder of the sandbox that exists when the runtime starts

struct PoolPlace {
  std::string user;  // empty: as the suite
  std::string root;  // empty: where the suite is. Else "@" stands for that folder in all that is asked of its workers
};
PoolPlace place_of(const Directives& pool);

// What a suite may give its workers: "workers.users" and "workers.roots" where it is root and may change both.
std::set<std::string> features_of_places();

// Lets the users that a configuration names, of pools or of the preload script, come to the files of the sandbox, each as
// far as its own mode allows, and make files in scratch: search permission on each folder above, up to the temporary one
// of the suite. A refusal where a folder around that is closed to them: it is somebody's. Nothing where it names none.
Expected<void> open_to_users(const Configuration& configuration, const Sandbox& sandbox);

// Takes this process there, for good. An error says what was refused; the process is then of no use.
Expected<void> enter(const PoolPlace& place);

}  // namespace assay::conformance
