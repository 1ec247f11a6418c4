#include "reference/static_cache/volatile_cache.h"

#include "reference/static_cache/value_codec.h"

namespace assay::reference {
namespace {

constexpr auto kIntKind = static_cast<std::uint8_t>(ValueType::integer);

enum class Direction { up, down };

template <Direction direction>
std::optional<StoredValue> count(const std::optional<StoredValue>& old, std::int64_t step) {
  if (old && old->kind != kIntKind) return std::nullopt;
  const std::uint64_t before = old ? old->scalar : 0;
  const auto amount = static_cast<std::uint64_t>(step);
  StoredValue sum;
  sum.kind = kIntKind;
  sum.scalar = direction == Direction::up ? before + amount : before - amount;
  return sum;
}

Expected<std::optional<Value>> decoded(const std::optional<StoredValue>& stored, Heap& heap) {
  if (!stored) return std::nullopt;
  return ASSAY_TRY(decode_value(*stored, heap));
}

}  // namespace

std::optional<std::string> key_complaint(std::string_view key) {
  if (key.empty()) return "must not be empty";
  for (const std::string_view prefix : {"pinned_static_class:", "volatile_static_class:"}) {
    if (key.starts_with(prefix)) return "must not begin with \"" + std::string(prefix) + "\", which is reserved";
  }
  return std::nullopt;
}

Expected<std::unique_ptr<VolatileCache>> VolatileCache::create(std::size_t bytes, const std::string& lock_directory,
                                                               std::string_view preferred_model) {
  auto store = ASSAY_TRY(EntryStore::create(bytes, lock_directory, preferred_model));
  return std::unique_ptr<VolatileCache>(new VolatileCache(std::move(store)));
}

Expected<std::optional<Value>> VolatileCache::get(std::string_view key, std::int64_t now, Heap& heap) {
  const auto stored = ASSAY_TRY(store_->get(key, now));
  return decoded(stored, heap);
}

Expected<std::vector<std::optional<Value>>> VolatileCache::get_multiple(std::span<const std::string> keys,
                                                                        std::int64_t now, Heap& heap) {
  const auto stored = ASSAY_TRY(store_->get_multiple(keys, now));
  std::vector<std::optional<Value>> values;
  for (const auto& entry : stored) {
    values.push_back(ASSAY_TRY(decoded(entry, heap)));  // ST-GET-09
  }
  return values;
}

Expected<bool> VolatileCache::set(std::string_view key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                                  ReservationHolder* holder) {
  const auto stored = ASSAY_TRY(encode_value(value));
  return store_->set(key, stored, time_to_live, now, holder);
}

Expected<bool> VolatileCache::set_multiple(std::span<const std::pair<std::string, Value>> values,
                                           std::int64_t time_to_live, std::int64_t now, ReservationHolder* holder) {
  for (const auto& [key, value] : values) {
    auto stored = set(key, value, time_to_live, now, holder);
    if (!stored || !*stored) return stored;
  }
  return true;
}

Expected<std::optional<VolatileCache::Count>> VolatileCache::increment(std::string_view key, std::int64_t step,
                                                                       std::int64_t now, ReservationHolder* holder) {
  const auto sum = ASSAY_TRY(store_->update(key, count<Direction::up>, step, now, holder));
  if (!sum) return std::nullopt;
  const auto value = static_cast<std::int64_t>(sum->scalar);
  std::int64_t before = 0;
  return Count{value, __builtin_sub_overflow(value, step, &before)};
}

Expected<std::optional<VolatileCache::Count>> VolatileCache::decrement(std::string_view key, std::int64_t step,
                                                                       std::int64_t now, ReservationHolder* holder) {
  const auto difference = ASSAY_TRY(store_->update(key, count<Direction::down>, step, now, holder));
  if (!difference) return std::nullopt;
  const auto value = static_cast<std::int64_t>(difference->scalar);
  std::int64_t before = 0;
  return Count{value, __builtin_add_overflow(value, step, &before)};
}

}  // namespace assay::reference
