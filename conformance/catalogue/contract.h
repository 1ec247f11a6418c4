#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/php_version.h"

namespace assay::conformance {

// A set of rules which clauses bind, and how far.
//
// "portable" is for any implementation; "rfc-2.0" is for one of the proposed static cache, whose clauses bind by their
// evidence there: what the proposal says and its implementation does must hold, what is our reading should. "php-8.4"
// binds what was observed on that branch of PHP. All leave out the clauses that are not in force: whose "since" the target's PHP has not reached, or whose "until" it has. A target that
// is no PHP, under "portable" or "rfc-2.0", is asked what PHP 8.2 did, on which the specification was written.
class Contract {
 public:
  static Contract portable() { return {}; }
  // "portable", "rfc-2.0", "php-7.4", ... Nothing for a name that is none.
  static std::optional<Contract> named(std::string_view name);
  // All of them, "portable" first and the newest last.
  static const std::vector<std::string>& names();
  // The one of the version's branch; of a branch that is newer than all, the newest. Nothing for one that is older.
  static std::optional<Contract> of_php(const PhpVersion& version);

  // The same rules for a target that is this PHP. A contract of another branch keeps to the newest patch of its own.
  Contract judging(const PhpVersion& version) const;

  std::string name() const;
  // The branch of a contract of PHP; nothing for the others.
  std::optional<PhpVersion> branch() const;

  // Whether the clause holds on the version that this contract is about.
  bool in_force(const Clause& clause) const;
  // may where it is not in force.
  Strength strength(const Clause& clause) const;
  // "SC-PER-05 holds until PHP 8.3, and this is judged as PHP 8.3.8"; empty where it is in force.
  std::string why_not_in_force(const Clause& clause) const;

 private:
  enum class Kind { portable, rfc, php };
  Contract() = default;
  explicit Contract(PhpVersion version) : kind_(Kind::php), version_(version) {}
  std::string version_text() const;

  Kind kind_ = Kind::portable;
  PhpVersion version_ = {8, 2, PhpVersion::kNewestPatch};
};

// "since 8.2", "since 7.4 until 8.4.27, 8.5.3", "on every version": when the clause holds, for people.
std::string validity_text(const Clause& clause);

}  // namespace assay::conformance
