#include "conformance/execution/rendezvous.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "conformance/adapter/rendezvous.h"
#include "conformance/execution/confined_folder.h"
#include "support/time/time_budget.h"

namespace assay::conformance {
namespace {

constexpr std::chrono::seconds arrival_limit{10};
constexpr std::chrono::microseconds look_every{200};

Expected<void> check(const std::string& name) {
  if (name.find('/') == std::string::npos) return {};
  return failure(fmt::format("the name of the rendezvous \"{}\" has a slash", name), leads_out);
}

}  // namespace

Expected<bool> Rendezvous::wait_for_arrival(const std::string& name, const std::function<bool()>& is_expected) const {
  ASSAY_TRY(check(name));
  const auto file = rendezvous_files(scratch_, name).arrived;
  TimeBudget budget(arrival_limit);
  while (!std::filesystem::exists(file)) {
    if (!is_expected()) return false;
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(left, fmt::format("no request arrived at the rendezvous \"{}\"", name));
    std::this_thread::sleep_for(look_every);
  }
  return true;
}

Expected<void> Rendezvous::release(const std::string& name) const {
  ASSAY_TRY(check(name));
  std::ofstream file(rendezvous_files(scratch_, name).go);
  if (!file) return failure(fmt::format("cannot make the file for the rendezvous \"{}\"", name));
  return {};
}

}  // namespace assay::conformance
