#include "conformance/catalogue/contract.h"

#include <algorithm>

namespace assay::conformance {
namespace {

constexpr std::string_view kPortable = "portable";
constexpr std::string_view kRfc = "rfc-2.0";
constexpr std::string_view kPhp = "php-";

// The branches of PHP that have a contract, oldest first; 8.0 and 8.1 stand between versions that were looked at.
constexpr PhpVersion kBranches[] = {{7, 4}, {8, 0}, {8, 1}, {8, 2}, {8, 3}, {8, 4}, {8, 5}};

// Not by one of the words that bind every version ("any", "rfc 2.0.0", "unknown").
bool is_dated(const Clause& clause) {
  return is_version_list(clause.since);
}

// Who builds what is proposed is held to the proposal and to what its implementation does.
Strength strength_of_proposal(EvidenceLevel evidence) {
  return evidence == EvidenceLevel::inferred || evidence == EvidenceLevel::unverified ? Strength::should
                                                                                      : Strength::must;
}

}  // namespace

const std::vector<std::string>& Contract::names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{std::string(kPortable), std::string(kRfc)};
    for (const PhpVersion& branch : kBranches) all.push_back(std::string(kPhp) + branch.branch());
    return all;
  }();
  return names;
}

std::optional<Contract> Contract::named(std::string_view name) {
  if (name == kPortable) return portable();
  if (name == kRfc) {
    Contract contract;
    contract.kind_ = Kind::rfc;
    return contract;
  }
  if (!name.starts_with(kPhp)) return std::nullopt;
  for (PhpVersion branch : kBranches) {
    if (name.substr(kPhp.size()) != branch.branch()) continue;
    branch.patch = PhpVersion::kNewestPatch;
    return Contract(branch);
  }
  return std::nullopt;
}

std::optional<Contract> Contract::of_php(const PhpVersion& version) {
  const PhpVersion newest = std::end(kBranches)[-1];
  if (version > newest && !version.same_branch(newest)) return named(names().back());
  auto contract = named(std::string(kPhp) + version.branch());
  if (contract) contract->version_ = version;
  return contract;
}

Contract Contract::judging(const PhpVersion& version) const {
  Contract result = *this;
  if (kind_ != Kind::php || version.same_branch(version_)) result.version_ = version;
  return result;
}

std::string Contract::name() const {
  if (kind_ == Kind::php) return std::string(kPhp) + version_.branch();
  return std::string(kind_ == Kind::rfc ? kRfc : kPortable);
}

std::optional<PhpVersion> Contract::branch() const {
  if (kind_ != Kind::php) return std::nullopt;
  return PhpVersion{version_.first, version_.second, 0};
}

bool Contract::in_force(const Clause& clause) const {
  if (is_dated(clause) && !has_begun(clause.since, version_)) return false;
  return clause.until.empty() || !has_begun(clause.until, version_);
}

Strength Contract::strength(const Clause& clause) const {
  if (!in_force(clause)) return Strength::may;
  if (kind_ == Kind::rfc && clause.area == Area::statics) return strength_of_proposal(clause.evidence);
  return clause.strengths[static_cast<std::size_t>(kind_ == Kind::php ? Rules::php : Rules::portable)];
}

std::string Contract::version_text() const {
  const bool any_patch = version_.patch == PhpVersion::kNewestPatch;
  return version_.branch() + (any_patch ? "" : "." + std::to_string(version_.patch));
}

std::string Contract::why_not_in_force(const Clause& clause) const {
  if (in_force(clause)) return "";
  return std::string(clause.id) + " holds " + validity_text(clause) + ", and this is judged as PHP " + version_text();
}

std::string validity_text(const Clause& clause) {
  const std::string since = is_version_list(clause.since) ? "since PHP " + std::string(clause.since) : "";
  const std::string until = clause.until.empty() ? "" : "until PHP " + std::string(clause.until);
  if (since.empty() && until.empty()) return "on every version";
  return since + (since.empty() || until.empty() ? "" : ", ") + until;
}

}  // namespace assay::conformance
