#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "reference/php/compiler/graph.h"
#include "reference/segment/bump_allocator.h"

// What the script cache keeps in its segment beside the key table and the interned strings.
namespace assay::reference {

enum class RestartReason : std::uint8_t { none, out_of_memory, hash_overflow, manual };

// The front of the block of one stored script. The bytes of its resolved path and the graph follow. Plain members are
// written before the entry is published and never again.
struct ScriptEntry {
  const php::Script* script;
  const char* path;
  std::uint64_t path_length;
  std::uint64_t memory_consumption;
  std::atomic<std::uint32_t> valid;
  std::atomic<std::int64_t> timestamp;   // of the file when it was compiled; 0 when invalid (SC-STA-07)
  std::atomic<std::int64_t> next_check;  // looked at again by requests later than this (SC-VAL-02)
  std::atomic<std::int64_t> last_used;
  std::atomic<std::uint64_t> hits;

  std::string_view full_path() const { return {path, path_length}; }
  bool is_valid() const { return valid.load(std::memory_order_acquire) != 0; }
};

// What the holder of the write lock is about to do, so that the next one can finish or account for it if it dies. Each
// operation writes its numbers, then says what it is, and says "nothing" when it is done. Doing it twice is harmless.
struct Journal {
  enum Operation : std::uint32_t {
    nothing,
    grow,  // something is allocated and then published: `number` is what was taken before, `waste` the waste before
    invalidate,  // the entry at offset `number` becomes invalid, the waste becomes `waste`; asked for at `time`
  };
  std::atomic<std::uint32_t> operation;
  std::atomic<std::uint64_t> number;
  std::atomic<std::uint64_t> waste;
  std::atomic<std::int64_t> time;
};

// What a restart in progress will have made of these numbers when it is done.
struct RestartPlan {
  std::atomic<std::uint64_t> generation;
  std::atomic<std::int64_t> last_restart_time;
  std::atomic<std::uint32_t> reason;
  std::atomic<std::uint64_t> restarts;  // with that reason
};

struct CacheState {
  BumpAllocator memory;
  std::int64_t start_time;
  // What restarts bring back (PL-REQ-06): so many keys, the offsets of their entries, a mark of the interned strings.
  std::uint32_t kept_keys;
  std::uint64_t kept_entries;
  std::uint64_t kept_strings;

  std::atomic<std::uint64_t> generation;  // from 1, rises with each restart (GU-IDN-02)
  std::atomic<std::uint32_t> cache_full;
  std::atomic<std::uint64_t> pending;  // 0, or a PendingRestart: one word, so that it is scheduled by one store
  std::atomic<std::uint32_t> restart_in_progress;
  RestartPlan plan;
  Journal journal;

  std::atomic<std::uint64_t> hits;
  std::atomic<std::uint64_t> misses;
  std::atomic<std::uint64_t> blacklist_misses;
  std::atomic<std::uint64_t> restarts[4];  // by RestartReason
  std::atomic<std::int64_t> last_restart_time;
};

// A scheduled restart: why, and the request time of who scheduled it (SC-RST-15).
struct PendingRestart {
  RestartReason reason = RestartReason::none;
  std::int64_t scheduled_at = 0;

  std::uint64_t word() const {
    return static_cast<std::uint64_t>(scheduled_at) << 8 | static_cast<std::uint64_t>(reason);
  }
  static PendingRestart from(std::uint64_t word) {
    return {static_cast<RestartReason>(word & 0xff), static_cast<std::int64_t>(word) >> 8};
  }
};

}  // namespace assay::reference
