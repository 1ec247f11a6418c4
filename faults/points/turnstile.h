#pragma once

// Where paused workers wait. A worker takes a gate, reports that it is held, and sleeps on a futex until somebody
// releases it or the suite's process is gone. Used by the armed path of points; the suite's side is in ControlBlock.

#include <cstdint>

#include "faults/points/layout.h"

namespace assay::points {

struct Arrival {
  std::uint32_t point;  // index of the entry
  std::int32_t worker;
  std::int32_t pid;
  std::uint64_t occurrence;
  std::uint32_t armed;  // Layout::armed as it was when the visit began
};

// Holds the caller until released. Returns false, at once, if all gates are taken or its plan has been withdrawn.
bool wait_at_gate(Layout& block, const Arrival& arrival);

// Lets every held worker go on whose gate `matches`; returns how many.
template <class Matches>
int open_gates(Layout& block, Matches matches);

// Wakes whoever is inside ControlBlock::wait_held.
void report_change(Layout& block);

// futex(2) on a word of the block. Timeouts in nanoseconds, negative = none.
void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t timeout_ns);
void futex_wake_all(std::atomic<std::uint32_t>& word);

template <class Matches>
int open_gates(Layout& block, Matches matches) {
  int opened = 0;
  for (Gate& gate : block.gates) {
    std::uint32_t held = gate.word.load(std::memory_order_seq_cst);
    if (Gate::state_of(held) != Gate::held || !matches(gate)) continue;
    const std::uint32_t released = Gate::word_of(Gate::pid_of(held), Gate::released);
    if (!gate.word.compare_exchange_strong(held, released, std::memory_order_acq_rel)) continue;
    futex_wake_all(gate.word);
    ++opened;
  }
  return opened;
}

}  // namespace assay::points
