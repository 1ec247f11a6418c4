#include "conformance/monitors/monitors.h"

namespace assay::conformance {

std::vector<std::unique_ptr<Monitor>> all_monitors(const Description& description) {
  std::vector<std::unique_ptr<Monitor>> monitors;
  monitors.push_back(no_invented_value());
  monitors.push_back(all_or_nothing(description));
  monitors.push_back(read_your_writes(description));
  monitors.push_back(linearizable_keys(description));
  monitors.push_back(lists_show_one_state(description));
  monitors.push_back(death_blocks_nobody());
  monitors.push_back(convergence());
  monitors.push_back(undisturbed_requests_end());
  monitors.push_back(conservation());
  monitors.push_back(restart_mark_increases());
  monitors.push_back(monotone_reads());
  return monitors;
}

}  // namespace assay::conformance
