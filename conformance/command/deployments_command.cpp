#include "conformance/command/deployments_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/deployments/forms.h"
#include "conformance/reports/report_file.h"

namespace assay::conformance {
namespace {

Expected<std::vector<Strategy>> selected(const std::vector<std::string>& only) {
  std::vector<Strategy> chosen;
  std::vector<std::string> names;
  for (const Strategy& strategy : strategies()) {
    names.push_back(strategy.name);
    if (only.empty() || std::find(only.begin(), only.end(), strategy.name) != only.end()) chosen.push_back(strategy);
  }
  for (const std::string& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      return failure(fmt::format("there is no strategy \"{}\"; known are {}", name, fmt::join(names, ", ")));
  }
  return chosen;
}

bool written(const std::string& file, const std::string& content) {
  if (file.empty()) return true;
  const auto done = write_report_file(file, content);
  if (!done) complain(done.error().message);
  return done.has_value();
}

int compare(const DeploymentsCommand& command, const std::vector<Strategy>& chosen,
            const std::filesystem::path& folder) {
  auto opened = open_target(command.target, folder);
  if (!opened.target) return opened.status;
  const Description& description = opened.target->description();
  std::vector<MeasuredRollout> rollouts;
  for (const Strategy& strategy : chosen) rollouts.push_back(measure_on(*opened.target, folder, strategy));
  say("{}", deployments_text(description, rollouts));
  flush_output();
  const bool all = written(command.json, deployments_json(description, rollouts).dump(2) + "\n") &&
                   written(command.html, deployments_html(description, rollouts));
  if (!all) return exit_suite_broke;
  const bool any = std::any_of(rollouts.begin(), rollouts.end(), [](const auto& r) { return r.not_measured.empty(); });
  return any ? exit_conforms : exit_not_shown;
}

}  // namespace

int compare_deployments(const DeploymentsCommand& command) {
  const auto chosen = selected(command.only);
  if (!chosen) {
    complain(chosen.error().message);
    return exit_wrong_use;
  }
  return run_in_temporary_folder(
      [&](const std::filesystem::path& folder) { return compare(command, *chosen, folder); });
}

}  // namespace assay::conformance
