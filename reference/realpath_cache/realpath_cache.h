#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference/realpath_cache/hash_index.h"

namespace assay::reference {

// One entry as a listing shows it (RP-ENT-10).
struct RealpathCacheEntry {
  std::string raw_path;   // the key of the listing
  std::uint64_t key = 0;  // the hash; present_key() (realpath_key.h) gives it as PHP shows it
  bool is_dir = false;
  std::string real_path;
  std::int64_t expires = 0;  // seconds since the epoch, -1 = never

  friend bool operator==(const RealpathCacheEntry&, const RealpathCacheEntry&) = default;
};

// The table of one worker's realpath cache: raw path -> real path, type and expiry. It makes no system call, reads no
// clock (the time comes in as a parameter, in seconds since the epoch) and resolves nothing: that is PathResolver's
// work.
//
// The table has 1024 chains for ever (RP-KEY-04). Nothing is evicted (RP-SIZE-03); an expired entry goes only when find()
// passes it on its walk (RP-SIZE-04). `size()` is the exact sum of the entries' costs (RP-SIZE-01), not of the memory
// used. A hit takes the same time however long the chains are, as long as nothing in its chain has expired.
//
// Thread safety: none; an object belongs to one worker (RP-LIFE-01). A forked child has its own copy (RP-LIFE-05).
class RealpathCache {
 public:
  struct Settings {
    std::int64_t size_limit = 4096 * 1024;  // bytes; 0 disables (RP-SIZE-05), negative stores nothing (RP-SIZE-06)
    std::int64_t ttl = 120;  // seconds; 0 = never expires (RP-TTL-04), negative = born expired (RP-TTL-05)
  };

  // What a lookup found. `real_path` points into the cache and is valid until the next call that is not const.
  struct Hit {
    std::string_view real_path;
    bool is_dir = false;
  };

  explicit RealpathCache(const Settings& settings);
  ~RealpathCache();
  RealpathCache(const RealpathCache&) = delete;
  RealpathCache& operator=(const RealpathCache&) = delete;

  const Settings& settings() const { return settings_; }

  // Whether resolutions look up and add at all: false with a limit of 0 (RP-SIZE-05) and on a frozen cache (RP-INI-04).
  bool in_use() const { return settings_.size_limit != 0 && !frozen_; }

  // Looks a raw path up, byte for byte. Walks its chain from the newest entry and frees the expired entries it passes
  // before the match (RP-SIZE-04); an entry is valid while `now` <= expires (RP-TTL-02). Returns false if there is none
  // or the cache is not in use; otherwise fills `hit`.
  bool find(std::string_view raw_path, std::int64_t now, Hit& hit);

  // Adds an entry that expires at `now` + ttl, if it still fits (RP-SIZE-02) and the cache is in use; otherwise does
  // nothing, silently. The caller has looked the path up before and found nothing.
  void insert(std::string_view raw_path, std::string_view real_path, bool is_dir, std::int64_t now);

  // Removes the one entry with this raw path, expired or not, and reclaims nothing else (RP-CLR-03). Works when frozen.
  void remove(std::string_view raw_path);

  // Removes all entries (RP-CLR-01). Works when frozen (RP-INI-04).
  void clear();

  // From now on for the life of the worker nothing is looked up or added; what is there stays listed (RP-INI-04).
  void freeze() { frozen_ = true; }
  bool frozen() const { return frozen_; }

  // All entries, expired ones too: chains in ascending order, within a chain the newest first (RP-ENT-11).
  std::vector<RealpathCacheEntry> list() const;

  // Bytes, by the accounting of RP-SIZE-01; 0 when empty.
  std::int64_t size() const { return size_; }

 private:
  static constexpr std::size_t kChains = 1024;

  struct Entry;
  using EntryOwner = std::unique_ptr<Entry>;

  // Entries, newest first; none of them expires before `earliest`.
  struct Chain {
    EntryOwner first;
    std::int64_t earliest = INT64_MAX;
  };

  bool has_passed(std::int64_t expiry, std::int64_t now) const;
  void reclaim(Chain& chain, const Entry* until, std::int64_t now);
  void release(EntryOwner& link);

  Settings settings_;
  std::array<Chain, kChains> chains_;
  HashIndex<Entry> index_;
  std::int64_t size_ = 0;
  bool frozen_ = false;
};

}  // namespace assay::reference
