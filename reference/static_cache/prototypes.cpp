#include "reference/static_cache/prototypes.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "reference/static_cache/store_type.h"

namespace assay::reference {

namespace {

std::uint64_t head_of(std::string_view bytes) {
  std::uint64_t head = 0;
  std::memcpy(&head, bytes.data(), std::min(bytes.size(), sizeof head));
  return head;
}

}  // namespace

bool Prototypes::knows(std::uint8_t kind, std::size_t slot, std::uint64_t head) const {
  if (value_type_of(kind) != ValueType::array) return false;
  const auto kept = by_slot_.find(slot);
  return kept != by_slot_.end() && head_of(kept->second.bytes) == head;
}

const Prototypes::Prototype* Prototypes::find(const StoredValue& stored) {
  if (!stored.is_known && !knows(stored.kind, stored.slot, head_of(stored.bytes))) return nullptr;
  const auto kept = by_slot_.find(stored.slot);
  return kept == by_slot_.end() ? nullptr : &kept->second;
}

void Prototypes::keep(StoredValue stored, const Value& value, std::uint64_t request_bytes) {
  const std::uint64_t size = stored.bytes.size() + request_bytes;
  if (size > kMostBytes) return;
  if (bytes_ + size > kMostBytes) {
    by_slot_.clear();
    bytes_ = 0;
  }
  Prototype& prototype = by_slot_[stored.slot];
  bytes_ -= prototype.bytes.size() + prototype.request_bytes;
  prototype = {std::move(stored.bytes), value, request_bytes};
  bytes_ += size;
}

}  // namespace assay::reference
