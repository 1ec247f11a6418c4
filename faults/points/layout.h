#pragma once

// The memory layout of a control block: one file, mapped by the suite, by every worker of the reference and by every
// process that the interposer is loaded into. docs/control-block.md describes it for other languages.
//
// Rules that make it safe when any process is killed at any instant:
// - every field is a lock-free atomic; there is no lock, so no lock can be left behind;
// - whoever is killed leaves at most an unfinished evidence record (its ticket does not match) or a taken gate;
// - names, effects and slots are written by the suite only; workers write counters, gates and evidence only.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "faults/points/name.h"

namespace assay::points {

inline constexpr std::uint64_t kMagic = 0x4c54435941535341U;  // "ASSAYCTL", little endian
inline constexpr std::uint32_t kVersion = 2;

inline constexpr std::size_t kPointCapacity = 512;  // entries of the hash table; a power of two
inline constexpr std::size_t kMaxPoints = 384;      // names in use, so that a search stays short
inline constexpr std::size_t kMaxFaults = 64;       // slots of a plan; one bit each in Entry::slots
inline constexpr std::size_t kMaxWorkers = 128;
inline constexpr std::size_t kMaxGates = 64;  // workers held at once
inline constexpr std::size_t kEvidenceRecords = 1024;

// Bits of Layout::armed. All clear is the idle state.
inline constexpr std::uint32_t kPlanArmed = 1;      // evaluate the plan
inline constexpr std::uint32_t kExternalArmed = 2;  // ask the external evaluator (libfiu) too
inline constexpr std::uint32_t kPlanNumber = 4;     // the rest counts plans, so that a visit knows its own

// What happens at a point.
enum class Effect : std::uint32_t {
  count = 0,  // nothing: the visit is counted
  fail = 1,   // point() returns an errno
  kill = 2,   // SIGKILL to the own process
  pause = 3,  // held until released
  delay = 4,  // sleeps
};

// Which visits a planned fault means. Visits are counted per fault, from 1, after its worker and process filter.
enum class When : std::uint32_t {
  once = 0,   // the n-th
  from = 1,   // the n-th and all later ones
  every = 2,  // every n-th
};

inline constexpr std::int32_t kAnyWorker = -1;
inline constexpr std::int32_t kNoWorker = -1;
inline constexpr std::uint32_t kNoPoint = UINT32_MAX;

// A short text that can be read while it is written: never undefined, at worst a mixture of old and new.
template <std::size_t Bytes>
struct SharedText {
  static_assert(Bytes % 8 == 0);
  std::atomic<std::uint64_t> words[Bytes / 8];

  // Cuts at Bytes - 1; always terminated.
  void store(const char* text, std::size_t length) {
    char buffer[Bytes] = {};
    std::memcpy(buffer, text, length < Bytes - 1 ? length : Bytes - 1);
    for (std::size_t i = 0; i < Bytes / 8; ++i) {
      std::uint64_t word;
      std::memcpy(&word, buffer + i * 8, 8);
      words[i].store(word, std::memory_order_release);
    }
  }
  void store(const char* text) { store(text, std::strlen(text)); }

  void load(char (&out)[Bytes]) const {
    for (std::size_t i = 0; i < Bytes / 8; ++i) {
      const std::uint64_t word = words[i].load(std::memory_order_acquire);
      std::memcpy(out + i * 8, &word, 8);
    }
    out[Bytes - 1] = '\0';
  }

  void copy_to(SharedText& other) const {
    for (std::size_t i = 0; i < Bytes / 8; ++i) {
      other.words[i].store(words[i].load(std::memory_order_relaxed), std::memory_order_release);
    }
  }
};

// One point that a plan may name. Found by open addressing: start at hash % kPointCapacity, step 1.
struct alignas(64) Entry {
  std::atomic<std::uint64_t> hash;  // 0 = free
  SharedText<56> name;
  // The second cache line changes while workers run.
  alignas(64) std::atomic<std::uint64_t> slots;  // bit i: fault i of the plan means this point
  std::atomic<std::uint64_t> reached;            // visits while something was armed; the interposer counts always
  std::atomic<std::uint64_t> fired;              // visits at which a fault took effect
  std::atomic<std::uint32_t> effects;            // bit (1 << Effect): the effects that make sense here
};

// One planned fault.
struct alignas(64) Slot {
  std::atomic<std::uint32_t> effect;
  std::atomic<std::uint32_t> when;
  std::atomic<std::uint64_t> n;      // 1 or more
  std::atomic<std::uint64_t> limit;  // fires at most so often; 0 = no limit
  std::atomic<std::uint64_t> delay_us;
  std::atomic<std::int32_t> error;
  std::atomic<std::int32_t> worker;  // kAnyWorker = all
  std::atomic<std::int32_t> pid;     // 0 = all
  std::atomic<std::uint64_t> seen;   // visits that passed the filter
  std::atomic<std::uint64_t> fired;
  SharedText<56> point;  // as planned, for reports; Entry::slots decides
};

// Where a held worker waits. The word says at once who has the gate and what for, so that a process killed at any
// instant can be told from one that waits: pid * 4 + state, 0 = free. It is also the futex word.
struct alignas(64) Gate {
  enum State : std::uint32_t { free = 0, taken = 1, held = 2, released = 3 };
  std::atomic<std::uint32_t> word;
  std::atomic<std::uint32_t> point;  // index of the entry
  std::atomic<std::int32_t> worker;
  std::atomic<std::uint64_t> occurrence;

  static constexpr std::uint32_t word_of(std::int32_t pid, State state) {
    return static_cast<std::uint32_t>(pid) * 4 + state;
  }
  static constexpr State state_of(std::uint32_t word) { return static_cast<State>(word % 4); }
  static constexpr std::int32_t pid_of(std::uint32_t word) { return static_cast<std::int32_t>(word / 4); }
};

struct alignas(64) WorkerRecord {
  std::atomic<std::int32_t> pid;  // 0 = unknown
  SharedText<48> operation;       // what it is doing, for evidence
};

// One fault that took effect. Complete when ticket is its number + 1.
struct alignas(64) Record {
  std::atomic<std::uint64_t> ticket;
  std::atomic<std::uint64_t> occurrence;  // the visit of its slot, from 1
  std::atomic<std::int64_t> stamp_ns;     // the machine's monotonic clock, never the virtual one
  std::atomic<std::uint32_t> point;
  std::atomic<std::uint32_t> slot;
  std::atomic<std::uint32_t> effect;
  std::atomic<std::int32_t> error;
  std::atomic<std::int32_t> worker;
  std::atomic<std::int32_t> pid;
  SharedText<48> operation;
};

// The clock that stands still. Nanoseconds; realtime since 1970, monotonic since any moment.
struct alignas(64) VirtualClock {
  std::atomic<std::uint32_t> enabled;
  std::atomic<std::int64_t> realtime_ns;
  std::atomic<std::int64_t> monotonic_ns;
};

struct Layout {
  std::atomic<std::uint64_t> magic;  // stored last when a block is created
  std::atomic<std::uint32_t> version;
  std::atomic<std::uint32_t> size;  // sizeof(Layout)
  std::atomic<std::int32_t> owner;  // the suite's process; when it is gone, held workers go on. 0 = nobody

  alignas(64) std::atomic<std::uint32_t> armed;
  std::atomic<std::uint32_t> slots_used;  // faults of the plan
  std::atomic<std::uint32_t> plans;       // plans ever armed
  VirtualClock clock;

  alignas(64) std::atomic<std::uint32_t> holds;  // futex: changes whenever a worker is held, and by wake_waiters()
  std::atomic<std::uint32_t> workers_named;      // one more than the largest worker id in `workers`
  std::atomic<std::uint64_t> evidence_next;      // records ever begun
  std::atomic<std::uint64_t> uncatalogued;       // armed visits of points that no entry names
  SharedText<56> uncatalogued_name;              // the last such name
  std::atomic<std::uint64_t> gates_exhausted;    // pauses that did not happen because all gates were taken

  Entry entries[kPointCapacity];
  Slot slots[kMaxFaults];
  Gate gates[kMaxGates];
  WorkerRecord workers[kMaxWorkers];
  Record evidence[kEvidenceRecords];
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(sizeof(std::atomic<std::uint32_t>) == 4, "an atomic of a control block is also a futex word");

}  // namespace assay::points
