#include "conformance/monitors/run_record.h"

namespace assay::conformance {

void RunRecord::add(const Observation& observation) {
  builder_.observe(observation);
  files_.observe(observation);
  observations_.push_back(observation);
}

void RunRecord::add(const ActionTaken& taken) {
  builder_.act(taken.step, *taken.action);
  files_.act(taken);
}

void RunRecord::close() {
  data_caches_ = builder_.finish();
}

}  // namespace assay::conformance
