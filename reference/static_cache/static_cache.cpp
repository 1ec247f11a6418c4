#include "reference/static_cache/static_cache.h"

#include "reference/static_cache/declared_keys.h"
#include "reference/static_cache/value_codec.h"

namespace assay::reference {
namespace {

constexpr std::uint8_t kIntKind = kind_of(ValueType::integer);

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

bool is_compound(const StoredValue& stored) {
  const ValueType type = value_type_of(stored.kind);
  return type == ValueType::array || type == ValueType::object;
}

Expected<Value> decoded_compound(StoredValue stored, Heap& heap, ObjectHooks& hooks, Prototypes& prototypes) {
  const auto& known = prototypes.find(stored);
  if (known != nullptr && known->parts.request_bytes <= hooks.most_bytes()) {
    if (const Value* whole = known->parts.whole(known->bytes)) return *whole;
    const auto held = known;
    return decode_again(held->bytes, held->parts, heap, hooks);
  }
  // Where the request has too little memory, the error is that of a new copy.
  if (known != nullptr) stored.bytes = known->bytes;
  auto copy = ASSAY_TRY(decode_first(stored.bytes, heap, hooks));
  prototypes.keep(std::move(stored), std::move(copy.parts));
  return std::move(copy.value);
}

Expected<std::optional<Value>> decoded(std::optional<StoredValue> stored, Heap& heap, ObjectHooks& hooks,
                                       Prototypes* prototypes) {
  if (!stored) return std::nullopt;
  if (prototypes == nullptr || !is_compound(*stored)) return ASSAY_TRY(decode_value(std::move(*stored), heap, hooks));
  return ASSAY_TRY(decoded_compound(std::move(*stored), heap, hooks, *prototypes));
}

Expected<StoredValue> encoded(const Value& value, ObjectHooks* hooks) {
  if (hooks != nullptr) return encode_value(value, *hooks);
  Heap none;
  PlainObjects plain(none);
  return encode_value(value, plain);
}

}  // namespace

std::optional<std::string> key_complaint(std::string_view key) {
  if (key.empty()) return "must not be empty";
  for (const std::string_view prefix : {declared_keys::kPinned, declared_keys::kVolatile}) {
    if (key.starts_with(prefix)) return "must not begin with \"" + std::string(prefix) + "\", which is reserved";
  }
  return std::nullopt;
}

Expected<std::unique_ptr<StaticCache>> StaticCache::create(std::size_t bytes, const std::string& lock_directory,
                                                           std::string_view preferred_model, Eviction eviction) {
  auto store = ASSAY_TRY(EntryStore::create(bytes, lock_directory, preferred_model, eviction));
  return std::unique_ptr<StaticCache>(new StaticCache(std::move(store)));
}

Expected<std::optional<Value>> StaticCache::get(std::string_view key, std::int64_t now, Heap& heap, ObjectHooks& hooks,
                                                Prototypes* prototypes) {
  auto stored = ASSAY_TRY(store_->get(key, now, prototypes));
  return decoded(std::move(stored), heap, hooks, prototypes);
}

Expected<std::optional<Value>> StaticCache::get(std::string_view key, std::int64_t now, Heap& heap) {
  PlainObjects plain(heap);
  return get(key, now, heap, plain);
}

Expected<std::vector<std::optional<Value>>> StaticCache::get_multiple(std::span<const std::string> keys,
                                                                      std::int64_t now, Heap& heap, ObjectHooks& hooks,
                                                                      Prototypes* prototypes) {
  auto stored = ASSAY_TRY(store_->get_multiple(keys, now));
  std::vector<std::optional<Value>> values;
  for (auto& entry : stored) {
    values.push_back(ASSAY_TRY(decoded(std::move(entry), heap, hooks, prototypes)));  // ST-GET-09
  }
  return values;
}

Expected<std::vector<std::optional<Value>>> StaticCache::get_multiple(std::span<const std::string> keys,
                                                                      std::int64_t now, Heap& heap) {
  PlainObjects plain(heap);
  return get_multiple(keys, now, heap, plain);
}

Expected<std::optional<StoreType>> StaticCache::store_type(std::string_view key, std::int64_t now) {
  const auto stored = ASSAY_TRY(store_->get(key, now));
  return stored ? std::optional(store_type_of(stored->kind)) : std::nullopt;
}

Expected<bool> StaticCache::set(std::string_view key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                                ReservationHolder* holder, ObjectHooks* hooks) {
  const auto stored = ASSAY_TRY(encoded(value, hooks));
  return store_->set(key, stored, time_to_live, now, holder);
}

Expected<bool> StaticCache::add(std::string_view key, const Value& value, std::int64_t time_to_live, std::int64_t now,
                                ReservationHolder* holder, ObjectHooks* hooks) {
  const auto stored = ASSAY_TRY(encoded(value, hooks));
  return store_->add(key, stored, time_to_live, now, holder);
}

Expected<std::vector<std::string>> StaticCache::keys(std::int64_t now) {
  auto keys = ASSAY_TRY(store_->keys(now));
  std::erase_if(keys, [](const std::string& key) {
    return key.starts_with(declared_keys::kPinned) || key.starts_with(declared_keys::kVolatile);
  });
  return keys;
}

Expected<bool> StaticCache::publish(std::string_view declared_key, const Value& value, std::int64_t time_to_live,
                                    std::int64_t now, ObjectHooks& hooks) {
  return store_->set_unreserved(declared_key, ASSAY_TRY(encode_value(value, hooks)), time_to_live, now);
}

Expected<void> StaticCache::remove_classes(const std::vector<std::string>& lower_classes) {
  if (lower_classes.empty()) return {};
  return store_->remove_if([&](std::string_view key) {
    return std::any_of(lower_classes.begin(), lower_classes.end(), [&](std::string_view lower_class) {
      return declared_keys::is_of_class(key, declared_keys::kVolatile, lower_class) ||
             declared_keys::is_of_class(key, declared_keys::kPinned, lower_class);
    });
  });
}

Expected<bool> StaticCache::set_multiple(std::span<const std::pair<std::string, Value>> values,
                                         std::int64_t time_to_live, std::int64_t now, ReservationHolder* holder,
                                         ObjectHooks* hooks) {
  for (const auto& [key, value] : values) {
    auto stored = set(key, value, time_to_live, now, holder, hooks);
    if (!stored || !*stored) return stored;
  }
  return true;
}

Expected<std::optional<StaticCache::Count>> StaticCache::increment(std::string_view key, std::int64_t step,
                                                                   std::int64_t now, ReservationHolder* holder) {
  const auto sum = ASSAY_TRY(store_->update(key, count<Direction::up>, step, now, holder));
  if (!sum) return std::nullopt;
  const auto value = static_cast<std::int64_t>(sum->scalar);
  std::int64_t before = 0;
  return Count{value, __builtin_sub_overflow(value, step, &before)};
}

Expected<std::optional<StaticCache::Count>> StaticCache::decrement(std::string_view key, std::int64_t step,
                                                                   std::int64_t now, ReservationHolder* holder) {
  const auto difference = ASSAY_TRY(store_->update(key, count<Direction::down>, step, now, holder));
  if (!difference) return std::nullopt;
  const auto value = static_cast<std::int64_t>(difference->scalar);
  std::int64_t before = 0;
  return Count{value, __builtin_add_overflow(value, step, &before)};
}

}  // namespace assay::reference
