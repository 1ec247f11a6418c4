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
  const ValueType type = value_type_of(kind);
  if (type != ValueType::array && type != ValueType::object) return false;
  const auto kept = by_slot_.find(slot);
  return kept != by_slot_.end() && head_of(kept->second->bytes) == head;
}

const std::shared_ptr<const Prototypes::Prototype>& Prototypes::find(const StoredValue& stored) const {
  static const std::shared_ptr<const Prototype> kNone;
  if (!stored.is_known && !knows(stored.kind, stored.slot, head_of(stored.bytes))) return kNone;
  const auto kept = by_slot_.find(stored.slot);
  return kept == by_slot_.end() ? kNone : kept->second;
}

std::uint64_t Prototypes::size_of(const Prototype& prototype) {
  return prototype.bytes.size() + prototype.parts.request_bytes +
         prototype.parts.arrays.size() * sizeof(SharedParts::PlainArray) +
         prototype.parts.texts.size() * sizeof(SharedParts::Text);
}

void Prototypes::keep(StoredValue stored, SharedParts parts) {
  auto prototype = std::make_shared<const Prototype>(Prototype{std::move(stored.bytes), std::move(parts)});
  const std::uint64_t size = size_of(*prototype);
  if (size > kMostBytes) return;
  if (bytes_ + size > kMostBytes) {
    by_slot_.clear();
    bytes_ = 0;
  }
  auto& kept = by_slot_[stored.slot];
  if (kept != nullptr) bytes_ -= size_of(*kept);
  kept = std::move(prototype);
  bytes_ += size;
}

}  // namespace assay::reference
