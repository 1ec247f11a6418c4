#include "conformance/monitors/monitor_set.h"

namespace assay::conformance {

void MonitorSet::begin(const Configuration& configuration) {
  for (const auto& monitor : monitors_) monitor->begin(configuration);
}

template <class What>
void MonitorSet::tell(const What& what) {
  if (monitors_.empty()) return;
  record_.add(what);
  for (const auto& monitor : monitors_) monitor->observe(what);
}

void MonitorSet::observe(const Observation& observation) {
  tell(observation);
}

void MonitorSet::observe(const ActionTaken& taken) {
  tell(taken);
}

void MonitorSet::finish() {
  record_.close();
  for (const auto& monitor : monitors_) monitor->finish(record_);
}

}  // namespace assay::conformance
