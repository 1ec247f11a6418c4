#include "reference/static_cache/prototypes.h"

#include <utility>

#include "reference/static_cache/store_type.h"

namespace assay::reference {

bool Prototypes::knows(std::uint8_t kind, const EntryVersion& now) const {
  if (value_type_of(kind) != ValueType::array) return false;
  const auto kept = by_slot_.find(now.slot);
  return kept != by_slot_.end() && kept->second.request == request_ && kept->second.version.is_still(now);
}

const Prototypes::Prototype* Prototypes::find(const StoredValue& stored) {
  const auto kept = by_slot_.find(stored.version.slot);
  if (kept == by_slot_.end()) return nullptr;
  Prototype& prototype = kept->second;
  if (!stored.is_known) {
    if (prototype.bytes != stored.bytes) return nullptr;
    prototype.version = stored.version;
    prototype.request = request_;
  }
  return &prototype;
}

void Prototypes::keep(StoredValue stored, const Value& value, std::uint64_t request_bytes) {
  const std::uint64_t size = stored.bytes.size() + request_bytes;
  if (size > kMostBytes) return;
  if (bytes_ + size > kMostBytes) {
    by_slot_.clear();
    bytes_ = 0;
  }
  Prototype& prototype = by_slot_[stored.version.slot];
  bytes_ -= prototype.bytes.size() + prototype.request_bytes;
  prototype = {stored.version, std::move(stored.bytes), value, request_bytes, request_};
  bytes_ += size;
}

}  // namespace assay::reference
