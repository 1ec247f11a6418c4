#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace assay::conformance {

// One operation in a concurrent history: it took effect in one moment between its stamps (any unit, one clock).
template <class Event>
struct HistoryCall {
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  Event event;
  int worker = 0;
  std::int64_t began = 0, ended = never;
  bool may_be_left_out = false;  // its caller died: anywhere after its start, or not at all
  std::size_t after = none;      // the call of the same request that comes before it
  std::size_t tag = 0;           // for the caller: where it comes from

  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
};

template <class Event>
using History = std::vector<HistoryCall<Event>>;

// A row of the drawing below.
struct TimelineRow {
  int worker = 0;
  std::int64_t began = 0, ended = 0;
  std::string text;
};

// The rows drawn over one time axis, in the order of their beginnings; equal distances between stamps.
//
//   W0  |------|            set 1
//   W1       |------|       get -> 2
std::string draw_timeline(std::vector<TimelineRow> rows);

}  // namespace assay::conformance
