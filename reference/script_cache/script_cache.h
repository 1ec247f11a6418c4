#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/config/settings.h"
#include "reference/lock/segment_lock.h"
#include "reference/log/log.h"
#include "reference/php/compiler/persist.h"
#include "reference/script_cache/cache_state.h"
#include "reference/script_cache/linked_class_table.h"
#include "reference/script_cache/source_file.h"
#include "reference/segment/segment.h"
#include "reference/strings/interned_strings.h"
#include "reference/table/key_table.h"
#include "support/error.h"

namespace assay::reference {

// One listed script (SC-STA-02).
struct ScriptStatus {
  std::string full_path;
  std::uint64_t hits = 0;
  std::uint64_t memory_consumption = 0;
  std::int64_t last_used = 0;
  std::int64_t timestamp = 0;  // 0: invalid
};

// The numbers of a status report (SC-STA-01), without what depends on the request that asks.
struct CacheStatus {
  bool cache_full = false;
  bool restart_pending = false;
  bool restart_in_progress = false;
  MemoryUsage memory;
  InternedUsage interned;
  std::uint64_t cached_scripts = 0;
  std::uint64_t cached_keys = 0;
  std::uint64_t max_cached_keys = 0;
  std::uint64_t hits = 0;
  std::uint64_t all_misses = 0;  // blacklist misses included; see SC-STA-06
  std::uint64_t blacklist_misses = 0;
  std::int64_t start_time = 0;
  std::int64_t last_restart_time = 0;
  std::uint64_t oom_restarts = 0;
  std::uint64_t hash_restarts = 0;
  std::uint64_t manual_restarts = 0;
  std::uint64_t generation = 0;
  bool is_listed = false;
  std::vector<ScriptStatus> scripts;  // only if listed

  double wasted_percentage() const;  // SC-ALL-05
  std::uint64_t misses() const;      // SC-STA-06
  double hit_rate() const;
  double blacklist_miss_ratio() const;
};

// The script cache of one runtime: compiled scripts in one segment, shared by the processes forked from its creator and
// their threads. Workers use it through a ScriptCacheClient each, which knows what a request may do; this class knows
// what is stored, and changes it.
//
// Const members take no lock and never wait (SC-LCK-03). The others take the write lock or say that it must be held.
// What happens when a process dies inside: each change is published by one store; the journal in the segment lets the
// next holder of the lock finish it or count its memory as wasted (GU-RES-03); a restart is finished or done again by
// the next worker that starts a request (GU-LIV-02, GU-LIV-03).
class ScriptCache {
 public:
  // now: the wall clock in seconds, for start_time. Error: the segment or the lock file cannot be created, or table and
  // interned strings leave no room (SC-SEG-04, SC-SEG-07, SC-SIZ-02); start-up has to end.
  static Expected<std::unique_ptr<ScriptCache>> create(const Settings& settings, std::int64_t now);

  SegmentLock& lock() { return *lock_; }
  // See Segment::protect().
  Expected<void> protect() { return segment_.protect(); }
  const Segment& segment() const { return segment_; }
  // Whether it stands in the segment.
  bool contains(const void* address) const;
  bool has_interned_strings() const { return interned_.exists(); }

  std::uint64_t generation() const { return state_->generation.load(std::memory_order_acquire); }
  PendingRestart pending() const { return PendingRestart::from(state_->pending.load(std::memory_order_acquire)); }
  bool is_pending() const { return pending().reason != RestartReason::none; }
  bool is_restarting() const { return state_->restart_in_progress.load(std::memory_order_acquire) != 0; }
  bool has_slots() const { return !table_.is_full(); }
  bool is_full() const { return state_->cache_full.load(std::memory_order_acquire) != 0; }

  // The entry a key leads to, valid or not; nullptr when it is no key. The caller must be registered as user while it
  // holds what this answers.
  ScriptEntry* find(std::string_view key) const;

  // The class as it was linked to exactly these bases and kept; nullptr: nobody did. As for find().
  const php::LinkedClass* find_linked(const php::ClassData& type,
                                      const php::List<const php::ClassData*>& ancestry) const {
    return linked_.find(generation(), type, ancestry);
  }

  void count_hit(ScriptEntry& entry, std::int64_t now);
  void count_hit_elsewhere() { state_->hits.fetch_add(1, std::memory_order_relaxed); }  // of no entry
  void count_miss() { state_->misses.fetch_add(1, std::memory_order_relaxed); }
  void count_blacklist_miss();

  // What tells the root directory of this process from the one in which the cache was made (SC-SEC-02): the beginning of
  // all keys of a worker there; empty where it is the same.
  std::string mark_of_root() const;

  // Waits for the write lock, and puts right what a dead holder left.
  Expected<WriteGuard> lock_for_writing();
  // The same at once, or nothing where somebody has it.
  Expected<std::optional<WriteGuard>> try_lock_for_writing();

  // ---- with the write lock held; `now` is the request time ----
  enum class StoreOutcome { stored, other_stored, not_stored };
  struct Stored {
    StoreOutcome outcome = StoreOutcome::not_stored;
    ScriptEntry* entry = nullptr;
  };
  // Copies the script into one block and publishes it under its resolved path (SC-LCK-04). If another worker was first,
  // its entry is answered (SC-LCK-05). When there is no room, restarts are scheduled and the cache is marked full as
  // SC-RST-01, -03 and -07 say. Before the path its key may have the mark of a root, of so many bytes.
  Stored store(std::string_view key, std::int64_t timestamp, std::int64_t next_check, const php::Script& compiled,
               std::int64_t now, std::size_t mark_length = 0);
  // Makes `key` lead to the script of `resolved_path`, which must be stored (SC-KEY-02).
  void add_key(std::string_view key, std::string_view resolved_path, std::int64_t now);
  // Keeps a linked class beside what is listed, until the next restart (SC-PER-10). False where it has no room; nothing
  // follows from that.
  bool keep_linked(const php::LinkedClass& linked);
  // SC-ALL-04, SC-RST-06. Nothing happens to an entry that is invalid already.
  void invalidate(ScriptEntry& entry, std::int64_t now);
  // What is stored now stays: each restart brings it back, wherever its keys led since (PL-REQ-06, PL-REQ-07). False where
  // there is no room to remember it. Once, before any request.
  bool keep();
  // SC-RST-17: nothing happens when one is pending.
  void schedule_restart(RestartReason reason, std::int64_t now);

  // ---- without any lock ----
  // Performs the pending restart, or finishes one whose performer died, unless anybody uses the cache or writes at the
  // moment. True when no restart is pending any more.
  Expected<bool> try_restart(std::int64_t now);

  // Listing scripts needs a registered user.
  CacheStatus status(bool with_scripts) const;

 private:
  ScriptCache(Segment segment, std::unique_ptr<SegmentLock> lock, const Settings& settings);
  // Where things stand in the segment: the table, the interned strings, the chains of linked
  // classes, the pieces, and from the end of the front on the scripts.
  static std::uint64_t interned_offset(const Settings& settings);
  static std::uint64_t linked_offset(const Settings& settings);
  static std::uint64_t pieces_offset(const Settings& settings);
  static std::uint64_t front_bytes(const Settings& settings);

  ScriptEntry& entry_at(std::uint64_t offset) const;
  std::uint64_t offset_of(const void* address) const;
  bool waste_calls_for_restart() const;
  void memory_failed(std::uint64_t bytes, std::int64_t now);
  void table_failed(std::int64_t now);
  const StringData* intern(std::string_view text);
  std::optional<std::uint64_t> place_key(std::string_view key, std::int64_t now);
  struct StoredName {
    std::string_view key;
    std::size_t mark_length;  // of what stands before the path in it
  };
  ScriptEntry* fill_entry(std::uint64_t offset, std::uint64_t size, StoredName name, php::Persister& persister);

  bool publish(std::optional<KeyTable::SlotIndex> slot, const ScriptEntry& entry, std::size_t mark_length);

  // script_cache_recovery.cpp
  void begin_growth();
  void end_operation();
  void recover();
  void finish_growth();
  void finish_invalidation();
  bool is_reachable(std::uint64_t from, std::uint64_t to) const;
  Expected<std::optional<WriteGuard>> try_lock_patiently();
  void plan_restart(std::int64_t now);
  void carry_out_restart();

  Segment segment_;
  std::unique_ptr<SegmentLock> lock_;
  CacheState* state_ = nullptr;
  KeyTable table_;
  InternedStrings interned_;
  LinkedClassTable linked_;
  Log log_;
  std::int64_t max_wasted_percentage_ = 5;
  const std::string root_;  // of the process that made the cache
};

}  // namespace assay::reference
