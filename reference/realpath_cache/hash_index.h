#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::reference {

// Finds the entries of a realpath cache by key and raw path in a time that does not depend on how many there are: the
// cache's own 1024 chains grow with it. Owns no entry. `Entry` has `key`, `raw_path()` and `Entry* index_next`, which
// is this class's alone. Of two entries with one raw path the newer is found.
template <class Entry>
class HashIndex {
 public:
  Entry* find(std::uint64_t key, std::string_view raw_path) const {
    if (buckets_.empty()) return nullptr;
    Entry* entry = buckets_[bucket(key)];
    while (entry != nullptr && (entry->key != key || entry->raw_path() != raw_path)) entry = entry->index_next;
    return entry;
  }

  void add(Entry& entry) {
    if (count_ == buckets_.size()) grow();
    prepend(entry);
    ++count_;
  }

  // REQUIRES: the entry is in the index.
  void remove(Entry& entry) {
    Entry** link = &buckets_[bucket(entry.key)];
    while (*link != &entry) link = &(*link)->index_next;
    *link = entry.index_next;
    --count_;
  }

  void clear() {
    buckets_.clear();
    count_ = 0;
  }

 private:
  static constexpr std::size_t kFirstBuckets = 64;

  // The upper half decides, too: the keys of neighbours differ little in their last bits.
  std::size_t bucket(std::uint64_t key) const { return (key ^ (key >> 32)) & (buckets_.size() - 1); }

  void prepend(Entry& entry) {
    Entry*& first = buckets_[bucket(entry.key)];
    entry.index_next = first;
    first = &entry;
  }

  // Entries of one bucket keep their order, newest first: each chain is put in again from its end.
  void grow() {
    std::vector<Entry*> old(buckets_.empty() ? kFirstBuckets : buckets_.size() * 2);
    old.swap(buckets_);
    std::vector<Entry*> chain;
    for (Entry* entry : old) {
      for (chain.clear(); entry != nullptr; entry = entry->index_next) chain.push_back(entry);
      for (; !chain.empty(); chain.pop_back()) prepend(*chain.back());
    }
  }

  std::vector<Entry*> buckets_;
  std::size_t count_ = 0;
};

}  // namespace assay::reference
