#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/models/decisions.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The directives that the model of the script cache follows, of one worker (script-cache.md 2, 7, 8, 9).
struct ScriptRules {
  bool enabled = true;           // opcache.enable
  bool validates = true;         // opcache.validate_timestamps
  std::int64_t frequency = 2;    // opcache.revalidate_freq
  std::int64_t protection = 2;   // opcache.file_update_protection
  bool resolves_always = false;  // opcache.revalidate_path
  bool uses_directory = true;    // opcache.use_cwd
  bool overrides = false;        // opcache.enable_file_override
  bool interns = true;           // opcache.interned_strings_buffer is not 0 (SC-KEY-05)
  std::int64_t largest = 0;      // opcache.max_file_size
  bool has_files = false;        // opcache.file_cache
  bool only_files = false;       // opcache.file_cache_only: there is no memory (SC-FIL-10)
  bool checks_mode = false;      // opcache.validate_permission
  bool reads_everything = true;  // its process belongs to the superuser, whom no mode stops
  bool has_memory() const { return enabled && !only_files; }
};
ScriptRules script_rules(const Directives& directives);

// How much the runtime holds (script-cache.md 2). Memory is followed to the byte only where it is `scarce`: what a small
// history stores fits into any other.
struct ScriptRoom {
  std::int64_t slots = 16229;         // SC-SIZ-04
  std::int64_t total = 128 << 20;     // opcache.memory_consumption
  std::int64_t waste_percentage = 5;  // opcache.max_wasted_percentage
  std::int64_t strings = 8 << 20;     // opcache.interned_strings_buffer
  bool scarce() const { return total <= 8 << 20; }
  // What does not fit there goes into the script's own block, and a key into other memory (SC-INT-02, SC-ALL-07): no
  // size is that of another time.
  bool has_few_strings() const { return strings == 1 << 20; }
};
ScriptRoom script_room(const Directives& directives);

// What the workers of a runtime share, as maps: script entries by the resolved path, and the names that lead to them.
// Paths are real texts.
// SC-ALL-02: what a store takes besides the size of the entry.
inline constexpr std::int64_t block_slack = 64;
// SC-RST-03: a failed allocation makes the cache full where less is free.
inline constexpr std::int64_t nearly_full = 65536;

enum class ScriptRestart { manual, out_of_memory, hash };

// How an entry came into memory: on that its size depends (SC-ALL-02).
enum class ScriptRoute { include, compile, file, file_without_size };

struct ScriptStore {
  struct Entry {
    std::string source;  // what was compiled
    ScriptRoute route = ScriptRoute::include;
    std::int64_t mtime = 0;
    std::int64_t checked_until = 0;  // requests later than this look at the file (SC-VAL-02)
    bool valid = true;
    std::int64_t hits = 0;
    std::int64_t last_used = 0;
    std::optional<std::int64_t> bytes;  // memory_consumption, once a report has told it
  };

  // What the file cache has (script-cache.md 16), by the resolved path. It outlives restarts and the runtime.
  struct Filed {
    std::string source;
    std::int64_t mtime = 0;
    std::int64_t checked_until = 0;  // as the entry had it that was filed (SC-FIL-05)
    bool is_damaged = false;
    bool is_closed = false;    // to all but the superuser
    bool has_no_size = false;  // its entry will have none (docs/findings.md)
    friend bool operator==(const Filed&, const Filed&) = default;
  };

  std::map<std::string, Filed> files;
  std::map<std::string, Entry> entries;
  // Every spelling in use, and the key that it was made for; the key of an entry leads to itself.
  std::map<std::string, std::string> keys;
  // A key led to a key that leads elsewhere: a path that became a link after another name was made for it.
  mutable bool chained = false;

  std::vector<std::string> patterns;  // of the blacklist
  std::set<std::string> doubled;      // keys that take two slots (SC-KEY-10)

  std::int64_t hits = 0;
  std::int64_t misses = 0;                         // all of them
  std::int64_t excluded = 0;                       // of these: blacklist misses
  std::map<ScriptRestart, std::int64_t> restarts;  // performed, by reason
  std::int64_t last_restart = 0;
  bool pending = false;  // a restart is scheduled
  ScriptRestart reason = ScriptRestart::manual;
  bool full = false;             // cache_full
  std::uint64_t generation = 0;  // restarts performed

  // Memory. What only a report can tell is learned from it; from then on it is known (SC-ALL-01 to -04).
  std::optional<std::int64_t> wasted = 0;  // nullopt: something of unknown size became waste since the last report
  std::optional<std::int64_t> free;        // at the last report, without what was stored since
  std::optional<std::int64_t> free_at_start;
  std::optional<std::int64_t> stored_bytes =
      0;  // stored since the last report, as far as sizes are known; nullopt: lost
  // Of the buffer of interned strings: at the last report, and when nothing had been stored.
  struct Strings {
    std::int64_t used = 0, number = 0;
    friend bool operator==(const Strings&, const Strings&) = default;
  };
  std::optional<Strings> strings, strings_at_start;
  bool has_made_names = false;  // of a relative key: the texts of its folder and of the include path are there as well
  std::vector<std::string> stored_unsized;                                          // paths of what was stored besides
  std::map<std::tuple<std::string, std::string, ScriptRoute>, std::int64_t> sizes;  // of path, source, route

  bool lists(const std::string& key) const { return keys.contains(key); }
  // The entry that a spelling leads to, and its path; nullptr where it is no key.
  Entry* find(const std::string& key);
  const std::string* path_of(const std::string& key) const;

  std::int64_t slots() const { return static_cast<std::int64_t>(keys.size() + doubled.size()); }
  bool table_is_full() const { return slots() >= room.slots; }

  void hit(Entry& entry, std::int64_t now);
  void miss_excluded() { excluded += full ? 0 : 1; }  // SC-STA-06
  void invalidate(Entry& entry, Decisions& decisions);
  // False where there is no room, with what follows from that (SC-RST-01 to -07).
  bool put(const std::string& path, Entry entry, Decisions& decisions);
  // Where the key was that of an entry (a path that has become a link), that entry is not listed any more. Without room
  // for another key nothing is added (SC-KEY-14).
  void add_key(const std::string& key, const std::string& path, Decisions& decisions);
  void double_key(const std::string& key);
  // While one is pending no other cause counts (SC-RST-17).
  void schedule(ScriptRestart why);
  // SC-RST-13, SC-RST-14.
  void restart(std::int64_t now);

  ScriptRoom room;
  bool counts_are_known = true;  // without: scripts of the host are used and stored beside those of the trace
  bool interns = true;           // the runtime has a buffer for interned strings

 private:
  std::optional<std::int64_t> free_now() const;
  bool has_memory_for(const Entry& entry, Decisions& decisions) const;
  bool has_waste_for_restart(Decisions& decisions) const;
  void table_failed(Decisions& decisions);
  void memory_failed(Decisions& decisions);
};

}  // namespace assay::conformance
