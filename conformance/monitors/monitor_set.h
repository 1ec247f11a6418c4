#pragma once

#include <memory>
#include <vector>

#include "conformance/monitors/monitor.h"
#include "conformance/monitors/run_record.h"

namespace assay::conformance {

// The monitors of one run, and the record that they share. May be empty. Used by one thread.
class MonitorSet {
 public:
  MonitorSet() = default;
  explicit MonitorSet(std::vector<std::unique_ptr<Monitor>> monitors) : monitors_(std::move(monitors)) {}

  // In this order, as for each monitor.
  void begin(const Configuration& configuration);
  void observe(const Observation& observation);
  void observe(const ActionTaken& taken);
  void finish();

  const std::vector<std::unique_ptr<Monitor>>& monitors() const { return monitors_; }

 private:
  template <class What>
  void tell(const What& what);

  std::vector<std::unique_ptr<Monitor>> monitors_;
  RunRecord record_;
};

}  // namespace assay::conformance
