#include "conformance/models/held_room.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {

namespace {

using Kind = KeyEvent::Kind;
using Result = KeyEvent::Result;

}  // namespace

std::optional<std::int64_t> HeldRoom::size_of(const Value& value) {
  if (value.is_string()) return static_cast<std::int64_t>(value.as_string().size());
  if (value.is_int() || value.is_bool() || value.is_null() || value.is_float()) return 0;
  return std::nullopt;
}

bool HeldRoom::is_understood(const KeyEvent& event, const ValueTable& values) const {
  if (event.lossy || event.result == Result::unknown || event.kind == Kind::add || event.kind == Kind::insert)
    return false;
  if (event.kind == Kind::clear || event.kind == Kind::remove) return event.result == Result::done;
  if (event.kind != Kind::set || event.result == Result::failed) return true;
  return event.ttl == 0 && event.value != ValueTable::opaque && size_of(values.value(event.value)).has_value();
}

std::optional<std::string> HeldRoom::complaint(const CacheCall& call, const ValueTable& values) {
  const KeyEvent& event = call.event;
  is_off_ = is_off_ || !is_understood(event, values);
  if (is_off_ || event.reads() || event.result == Result::failed) return std::nullopt;
  if (event.kind == Kind::clear) {
    bytes_.clear();
    now_ = {};
  } else if (event.kind == Kind::remove) {
    store(call.key, -1);
  } else {
    const std::int64_t bytes = static_cast<std::int64_t>(call.key.size()) + *size_of(values.value(event.value));
    if (event.result == Result::refused) return refused(call.key, bytes);
    store(call.key, bytes);
  }
  return std::nullopt;
}

// Fewer than 0: nothing any more.
void HeldRoom::store(const std::string& key, std::int64_t bytes) {
  if (const auto old = bytes_.find(key); old != bytes_.end()) {
    now_.bytes -= old->second;
    --now_.entries;
    bytes_.erase(old);
  }
  if (bytes < 0) return;
  bytes_[key] = bytes;
  now_.bytes += bytes;
  ++now_.entries;
  const auto covers = [](const Held& more, const Held& less) {
    return more.bytes >= less.bytes && more.entries >= less.entries;
  };
  if (std::any_of(before_.begin(), before_.end(), [&](const Held& held) { return covers(held, now_); })) return;
  std::erase_if(before_, [&](const Held& held) { return covers(now_, held); });
  before_.push_back(now_);
}

// What is overwritten stands there until the new one does.
std::optional<std::string> HeldRoom::refused(const std::string& key, std::int64_t bytes) const {
  const std::int64_t entries = now_.entries + (bytes_.contains(key) ? 0 : 1);
  const std::int64_t needed = now_.bytes + bytes;
  for (const Held& held : before_) {
    if (held.entries < entries || held.bytes < needed + kRounding * (entries + 1)) continue;
    return fmt::format("a store is refused that makes it {} bytes in {} entries, though it held {} in {} before",
                       needed, entries, held.bytes, held.entries);
  }
  return std::nullopt;
}

}  // namespace assay::conformance
