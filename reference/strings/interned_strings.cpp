#include "reference/strings/interned_strings.h"

#include <cstring>

#include "faults/points/point.h"
#include "reference/table/key_hash.h"

namespace assay::reference {
namespace {

constexpr std::uint64_t kUnit = 8;
constexpr std::uint64_t kStringsHeaderBytes = 64;
// One chain for so many bytes of the buffer.
constexpr std::uint64_t kBytesPerChain = 64;

constexpr std::uint32_t units(std::uint64_t bytes) {
  return static_cast<std::uint32_t>((bytes + kUnit - 1) / kUnit);
}

}  // namespace

InternedStrings::InternedStrings(std::byte* memory, std::uint64_t bytes) : memory_(memory), size_(bytes) {
  if (bytes < kMinimumBytes) return;
  header_ = reinterpret_cast<Header*>(memory);
  chains_ = reinterpret_cast<Link*>(memory + kStringsHeaderBytes);
  chain_count_ = static_cast<std::uint32_t>(bytes / kBytesPerChain);
}

void InternedStrings::initialize() {
  if (exists()) header_->state.store(std::uint64_t{first_position()} << 32, std::memory_order_release);
}

std::uint32_t InternedStrings::first_position() const {
  return units(kStringsHeaderBytes) + units(chain_count_ * sizeof(std::uint32_t));
}

InternedStrings::Record& InternedStrings::record_at(std::uint32_t position) const {
  return *reinterpret_cast<Record*>(memory_ + position * kUnit);
}

const StringData* InternedStrings::find(std::string_view bytes) const {
  if (!exists()) return nullptr;
  const Record* record = find_record(bytes, hash_key(bytes));
  return record == nullptr ? nullptr : &record->string;
}

const InternedStrings::Record* InternedStrings::find_record(std::string_view bytes, std::uint64_t hash) const {
  const std::uint32_t published = position_of(load_state());
  for (std::uint32_t link = chain_of(hash).load(std::memory_order_acquire); link != 0;) {
    const Record& record = record_at(link);
    // Beyond the position stands at most one record that a process linked and did not live to publish.
    if (link < published && record.hash == hash && record.string.view() == bytes) return &record;
    link = record.next.load(std::memory_order_acquire);
  }
  return nullptr;
}

const StringData* InternedStrings::intern(std::string_view bytes) {
  if (!exists()) return nullptr;
  const std::uint64_t hash = hash_key(bytes);
  if (const Record* known = find_record(bytes, hash)) return &known->string;
  if (points::point("interned/insert") != 0) return nullptr;
  const std::uint64_t state = load_state();
  const std::uint32_t position = position_of(state);
  if (bytes.size() > size_ || position * kUnit + sizeof(Record) + bytes.size() > size_) return nullptr;

  unlink_unpublished(position);
  Record& record = record_at(position);
  Link& chain = chain_of(hash);
  record.hash = hash;
  record.string = {record.bytes(), bytes.size()};
  std::memcpy(record.bytes(), bytes.data(), bytes.size());
  record.next.store(chain.load(std::memory_order_relaxed), std::memory_order_release);
  points::point("interned/publish");
  chain.store(position, std::memory_order_release);
  points::point("interned/published");
  const std::uint64_t after = position + units(sizeof(Record) + bytes.size());
  header_->state.store(after << 32 | ((state & 0xffffffffu) + 1), std::memory_order_release);
  return &record.string;
}

// The record at the position may have been linked by a process that died before it moved the position.
void InternedStrings::unlink_unpublished(std::uint32_t position) {
  if (position * kUnit + sizeof(Record) > size_) return;
  const Record& record = record_at(position);
  Link& chain = chain_of(record.hash);
  if (chain.load(std::memory_order_relaxed) == position) {
    chain.store(record.next.load(std::memory_order_relaxed), std::memory_order_release);
  }
}

InternedUsage InternedStrings::usage() const {
  if (!exists()) return {};
  const std::uint64_t state = load_state();
  const std::uint64_t used = position_of(state) * kUnit;
  return {.buffer_size = size_, .used = used, .free = size_ - used, .strings = state & 0xffffffffu};
}

void InternedStrings::clear(std::uint64_t kept) {
  if (!exists()) return;
  initialize();
  for (std::uint32_t i = 0; i < chain_count_; ++i) {
    if (chains_[i].load(std::memory_order_relaxed) != 0) chains_[i].store(0, std::memory_order_release);
  }
  if (kept == 0) return;
  for (std::uint32_t at = first_position(); at < position_of(kept);) {
    Record& record = record_at(at);
    Link& chain = chain_of(record.hash);
    record.next.store(chain.load(std::memory_order_relaxed), std::memory_order_relaxed);
    chain.store(at, std::memory_order_release);
    at += units(sizeof(Record) + record.string.size);
  }
  header_->state.store(kept, std::memory_order_release);
}

}  // namespace assay::reference
