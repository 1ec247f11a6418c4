#pragma once

#include <string>
#include <vector>

#include "conformance/checkers/linearizability.h"
#include "conformance/models/volatile_model.h"

namespace assay::conformance {

// The histories of a run, one for each key of each backend, in the order of their first calls (GU-VAL-04). Clears appear in
// the history of each key of their backend, with the same interval. Operations of one request keep their order. Operations
// without a reply (their request died, hung or was aborted) may be placed anywhere after their start, or left out. `tag` is
// the index of the observation.
struct KeyHistory {
  std::string backend, key;
  History<KeyEvent> calls;
};
std::vector<KeyHistory> key_histories(const CacheRun& run, std::span<const Observation> observations);

// Checks all keys of a run. The first key without an order is explained: `message` holds the timeline.
struct CacheLinearizability {
  Linearizability verdict = Linearizability::yes;
  std::string message;
  std::size_t observation = 0;                        // for no: the last of the culprits
  std::uint64_t calls = 0, visits = 0, overlaps = 0;  // overlaps: pairs of requests on one key that overlap in time
};
CacheLinearizability check_data_caches(const CacheRun& run, std::span<const Observation> observations, CacheRules rules,
                                       std::uint64_t visit_limit = 1'000'000);

// The same for the keys of which a request that did not end has written (GU-VAL-02), as far as their history was in
// order before that request began. `calls` counts those keys' calls only.
CacheLinearizability check_interrupted_writes(const CacheRun& run, std::span<const Observation> observations,
                                              CacheRules rules, std::uint64_t visit_limit = 1'000'000);

}  // namespace assay::conformance
