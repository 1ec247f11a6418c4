#pragma once

#include "conformance/checkers/cache_histories.h"

namespace assay::conformance {

// Of each data cache with reads of lists: is there one order of all calls on the listed keys in which each list shows
// one state (ST-GET-10) and each clear takes all keys at once (ST-SET-19)? The elements of a list that is stored or
// deleted are calls of their own, in the order of the list (ST-SET-08, ST-SET-14). Nothing is judged (no calls) where
// the rules let a list show several states, where no requests overlap, where no list of two keys was read, or where
// some value of these keys is decoded by running code, because the clause then lets the list show several states.
// `observation` is the last read of the culprits.
CacheLinearizability check_list_reads(const CacheRun& run, std::span<const Observation> observations, CacheRules rules,
                                      std::uint64_t visit_limit = 20'000);

}  // namespace assay::conformance
