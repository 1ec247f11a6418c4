#pragma once

#include <vector>

#include "conformance/models/cache_event.h"
#include "conformance/monitors/written_files.h"

namespace assay::conformance {

// What a run has reported, kept once for all monitors that judge it when it is over. Used by one thread.
class RunRecord {
 public:
  void add(const Observation& observation);
  void add(const ActionTaken& taken);
  void close();  // nothing comes any more

  const std::vector<Observation>& observations() const { return observations_; }
  const WrittenFiles& files() const { return files_; }
  // REQUIRES: it is closed.
  const CacheRun& data_caches() const { return data_caches_; }

 private:
  std::vector<Observation> observations_;
  WrittenFiles files_;
  CacheRunBuilder builder_;
  CacheRun data_caches_;
};

}  // namespace assay::conformance
