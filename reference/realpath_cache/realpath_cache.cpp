#include "reference/realpath_cache/realpath_cache.h"

#include <algorithm>
#include <utility>

#include "faults/points/point.h"
#include "reference/realpath_cache/realpath_key.h"

namespace assay::reference {
namespace {

// What an entry costs beside its strings, each of which counts with its end mark (RP-SIZE-01).
constexpr std::int64_t kEntryOverhead = 48;

std::int64_t cost(std::string_view raw_path, std::string_view real_path) {
  const auto string_cost = [](std::string_view text) { return static_cast<std::int64_t>(text.size()) + 1; };
  return kEntryOverhead + string_cost(raw_path) + (raw_path == real_path ? 0 : string_cost(real_path));
}

std::int64_t expiry(std::int64_t now, std::int64_t ttl) {
  if (ttl == 0) return -1;
  // An absurd ttl wraps round, it does not stop the worker.
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(now) + static_cast<std::uint64_t>(ttl));
}

}  // namespace

// Both strings share one buffer; a real path equal to the raw one is stored once.
struct RealpathCache::Entry {
  Entry(std::uint64_t hash, std::string_view raw, std::string_view real, bool directory, std::int64_t expiry)
      : key(hash), expires(expiry), raw_length(raw.size()), is_dir(directory) {
    text.reserve(raw.size() + (raw == real ? 0 : real.size()));
    text.append(raw);
    if (raw != real) text.append(real);
  }

  std::string_view raw_path() const { return std::string_view(text).substr(0, raw_length); }
  std::string_view real_path() const {
    return text.size() == raw_length ? raw_path() : std::string_view(text).substr(raw_length);
  }

  EntryOwner next;
  Entry* index_next = nullptr;
  std::uint64_t key;
  std::int64_t expires;
  std::size_t raw_length;
  bool is_dir;
  std::string text;
};

RealpathCache::RealpathCache(const Settings& settings) : settings_(settings) {}

RealpathCache::~RealpathCache() {
  clear();
}

bool RealpathCache::has_passed(std::int64_t expiry, std::int64_t now) const {
  return settings_.ttl != 0 && expiry < now;
}

void RealpathCache::release(EntryOwner& link) {
  index_.remove(*link);
  size_ -= cost(link->raw_path(), link->real_path());
  link = std::move(link->next);
}

// The walk of a lookup through its chain, up to the match. What the match hides is as old as it is.
void RealpathCache::reclaim(Chain& chain, const Entry* until, std::int64_t now) {
  EntryOwner* link = &chain.first;
  chain.earliest = INT64_MAX;
  while (*link && link->get() != until) {
    if (has_passed((*link)->expires, now)) {
      release(*link);
    } else {
      chain.earliest = std::min(chain.earliest, (*link)->expires);
      link = &(*link)->next;
    }
  }
  for (; *link; link = &(*link)->next) chain.earliest = std::min(chain.earliest, (*link)->expires);
}

bool RealpathCache::find(std::string_view raw_path, std::int64_t now, Hit& hit) {
  if (!in_use()) return false;
  const std::uint64_t key = realpath_key(raw_path);
  Chain& chain = chains_[key % kChains];
  Entry* match = index_.find(key, raw_path);
  if (has_passed(chain.earliest, now)) {
    // A match that has expired is passed, too, and hides nothing.
    while (match != nullptr && has_passed(match->expires, now)) {
      reclaim(chain, match->next.get(), now);
      match = index_.find(key, raw_path);
    }
    reclaim(chain, match, now);
  }
  if (match == nullptr) return false;
  Entry& entry = *match;
  hit = Hit{entry.real_path(), entry.is_dir};
  return true;
}

void RealpathCache::insert(std::string_view raw_path, std::string_view real_path, bool is_dir, std::int64_t now) {
  if (!in_use()) return;
  const std::int64_t needed = cost(raw_path, real_path);
  if (size_ + needed > settings_.size_limit) return;
  if (points::point("realpath/allocate") != 0) return;  // no memory: like no room (RP-SIZE-03)
  const std::uint64_t key = realpath_key(raw_path);
  auto entry = std::make_unique<Entry>(key, raw_path, real_path, is_dir, expiry(now, settings_.ttl));
  Chain& chain = chains_[key % kChains];
  index_.add(*entry);
  chain.earliest = std::min(chain.earliest, entry->expires);
  entry->next = std::move(chain.first);
  chain.first = std::move(entry);
  size_ += needed;
}

void RealpathCache::remove(std::string_view raw_path) {
  const std::uint64_t key = realpath_key(raw_path);
  for (EntryOwner* link = &chains_[key % kChains].first; *link; link = &(*link)->next) {
    if ((*link)->key != key || (*link)->raw_path() != raw_path) continue;
    release(*link);
    return;
  }
}

void RealpathCache::clear() {
  // One entry at a time: a chain that freed itself would recurse as deep as it is long.
  for (Chain& chain : chains_) {
    while (chain.first) chain.first = std::move(chain.first->next);
    chain.earliest = INT64_MAX;
  }
  index_.clear();
  size_ = 0;
}

std::vector<RealpathCacheEntry> RealpathCache::list() const {
  std::vector<RealpathCacheEntry> entries;
  for (const Chain& chain : chains_) {
    for (const Entry* entry = chain.first.get(); entry != nullptr; entry = entry->next.get()) {
      entries.push_back(
          {std::string(entry->raw_path()), entry->key, entry->is_dir, std::string(entry->real_path()), entry->expires});
    }
  }
  return entries;
}

}  // namespace assay::reference
