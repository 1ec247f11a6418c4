#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reference/strings/string_data.h"

namespace assay::reference {

// How full the buffer is (SC-INT-01): used + free is the size of the buffer.
struct InternedUsage {
  std::uint64_t buffer_size = 0;
  std::uint64_t used = 0;
  std::uint64_t free = 0;
  std::uint64_t strings = 0;
};

// The part of a segment where each string that scripts share stands once. Strings are only added, until a restart.
//
// This object is one process's view, as KeyTable's. find() and usage() take no lock; intern() and clear() need the
// segment's write lock. A process killed inside intern() leaves the string stored or not; the word that counts strings
// and bytes is one, so the parts add up at every moment.
class InternedStrings {
 public:
  InternedStrings() = default;
  // memory: `bytes` zeroed bytes, aligned to 8, or fewer than kMinimumBytes for no buffer at all (SC-INT-04).
  InternedStrings(std::byte* memory, std::uint64_t bytes);
  // Once, before any other process uses the buffer.
  void initialize();

  static constexpr std::uint64_t kMinimumBytes = 4096;
  bool exists() const { return chain_count_ != 0; }

  // The shared copy, or nullptr.
  const StringData* find(std::string_view bytes) const;
  // The same, stored now if it was not there; nullptr when there is no room (SC-INT-02) or no buffer.
  const StringData* intern(std::string_view bytes);

  InternedUsage usage() const;

  // Which strings there are: those added later are others.
  std::uint64_t mark() const { return exists() ? load_state() : 0; }
  // Takes all strings out (SC-INT-03) but those of that mark (0: none). No user may be registered. May be repeated after it
  // was interrupted.
  void clear(std::uint64_t kept = 0);

 private:
  // Units of 8 bytes from the start of the memory; 0 ends a chain.
  using Link = std::atomic<std::uint32_t>;
  // The bytes follow.
  struct Record {
    Link next;
    std::uint64_t hash;
    StringData string;
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
  };
  struct Header {
    std::atomic<std::uint64_t> state;  // upper half: position in units; lower half: number of strings
  };

  static std::uint32_t position_of(std::uint64_t state) { return static_cast<std::uint32_t>(state >> 32); }
  std::uint64_t load_state() const { return header_->state.load(std::memory_order_acquire); }
  std::uint32_t first_position() const;
  Record& record_at(std::uint32_t position) const;
  Link& chain_of(std::uint64_t hash) const { return chains_[hash % chain_count_]; }
  const Record* find_record(std::string_view bytes, std::uint64_t hash) const;
  void unlink_unpublished(std::uint32_t position);

  std::byte* memory_ = nullptr;
  std::uint64_t size_ = 0;
  Header* header_ = nullptr;
  Link* chains_ = nullptr;
  std::uint32_t chain_count_ = 0;
};

}  // namespace assay::reference
