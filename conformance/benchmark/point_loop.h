#pragma once

#include <benchmark/benchmark.h>

#include "faults/points/point.h"

namespace {

// The same loop with points compiled in, compiled out, and without any: what an idle point costs is the difference.
// An item is one turn of the loop, with one point in it.
template <bool has_point>
void loop(benchmark::State& state) {
  constexpr int kTurns = 1000;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    for (int i = 0; i < kTurns; ++i) {
      benchmark::DoNotOptimize(sum += static_cast<std::uint64_t>(i));
      if constexpr (has_point) assay::points::point("hit/lookup");
    }
  }
  state.SetItemsProcessed(state.iterations() * kTurns);
  state.counters["ns_a_turn"] = benchmark::Counter(static_cast<double>(state.iterations()) * kTurns / 1e9,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace
