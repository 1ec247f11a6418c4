#pragma once

#include <cstdint>

#include "faults/points/point.h"

namespace {

// Each way in which code visits a point, between things that it does anyway; without points, only those.
// Unnamed: sources compiled with and without points mean different functions by it.
template <bool has_points>
[[gnu::always_inline]] inline int statements(const assay::points::WorkerContext& context, std::uint64_t& sum) {
  namespace points = assay::points;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    sum += i;
    asm volatile("" : : "r"(&sum) : "memory");
    if constexpr (has_points) points::point("hit/lookup");
  }
  if constexpr (has_points) {
    if (const int error = points::point("lock/write/acquire")) return error;
    if (const int error = points::point(context, "lock/write/acquired")) return error;
    if (points::armed()) sum = 0;
    if (points::held_at("lock/write/blocked")) sum = 0;
  }
  ++sum;
  return 0;
}

}  // namespace
