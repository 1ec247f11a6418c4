#include "conformance/command/contract_choice.h"

#include <fmt/format.h>

namespace assay::conformance {
namespace {

constexpr std::string_view kPhp = "php-";

std::string newer_notice(const Description& description, const std::string& php, const std::string& contract) {
  return fmt::format(
      "{}: no contract knows PHP {} yet; judged by {}, so that what changed since looks like a failure. "
      "--contract chooses another",
      description.name, php, contract);
}

}  // namespace

Expected<ContractChoice> choose_contract(const std::string& asked, const Description& description) {
  ContractChoice choice;
  const std::string& own = description.contract;
  const auto version =
      own.starts_with(kPhp) ? php_version_from(std::string_view(own).substr(kPhp.size())) : std::nullopt;
  if (version) choice.php = own.substr(kPhp.size());
  if (!asked.empty()) {
    choice.contract = Contract::named(asked).value_or(Contract::portable());
    if (version) choice.contract = choice.contract.judging(*version);
    return choice;
  }
  const auto contract = version ? Contract::of_php(*version) : Contract::named(own);
  if (!contract)
    return failure(
        fmt::format("{}: no contract is for \"{}\"; name one with --contract: portable, rfc-2.0, php-7.4 to {}",
                    description.name, own, Contract::names().back()));
  choice.contract = *contract;
  if (version && !version->same_branch(*contract->branch()))
    choice.notice = newer_notice(description, choice.php, contract->name());
  return choice;
}

}  // namespace assay::conformance
