#include "conformance/adapters/reference/cache_operations.h"

#include <fmt/format.h>

#include "conformance/adapters/reference/values.h"

namespace assay::conformance {
namespace {

using reference::VolatileCache;

Reply value_error(std::string message) {
  return Reply::thrown("ValueError", std::move(message));
}

// One call: checks the arguments first, as the interface does also where the backend is off (ST-AVL-06).
class CacheCall {
 public:
  CacheCall(const Operation& operation, reference::Worker& worker)
      : operation_(operation),
        worker_(worker),
        cache_(worker.server().volatile_cache()),
        now_(reference::wall_clock_seconds()) {}

  Reply get() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    if (!cache_) return Reply::of(false);
    auto found = cache_->get(operation_.text("key"), now_, worker_.request().heap);
    if (!found) return Reply::of(false);
    return Reply::of(*found ? from_reference(**found) : operation_.argument("default"));
  }

  Reply get_multiple() {
    auto keys = key_list();
    if (!keys) return value_error(keys.error().message);
    if (!cache_) return Reply::of(false);
    auto found = cache_->get_multiple(*keys, now_, worker_.request().heap);
    if (!found) return Reply::of(false);
    Elements elements;
    for (std::size_t i = 0; i < keys->size(); ++i) {
      const Value value = (*found)[i] ? from_reference(*(*found)[i]) : operation_.argument("default");
      const Key key = element_key((*keys)[i]);
      const bool again = std::any_of(elements.begin(), elements.end(), [&](const auto& e) { return e.first == key; });
      if (!again) elements.emplace_back(key, value);
    }
    return Reply::of(std::move(elements));
  }

  Reply set() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    if (auto complaint = bad_ttl()) return *complaint;
    if (!cache_) return Reply::of(false);
    return truth(cache_->set(operation_.text("key"), to_reference(operation_.argument("value")),
                             operation_.integer("ttl"), now_, &worker_.reservations()));
  }

  Reply set_multiple() {
    std::vector<std::pair<std::string, reference::Value>> values;
    for (const auto& [key, value] : operation_.argument("values").as_array()) {
      const auto* text = std::get_if<std::string>(&key);
      if (!text) return value_error("setMultiple needs string keys");
      if (auto complaint = bad_key(*text)) return *complaint;
      values.emplace_back(*text, to_reference(value));
    }
    if (auto complaint = bad_ttl()) return *complaint;
    if (!cache_) return Reply::of(false);
    return truth(cache_->set_multiple(values, operation_.integer("ttl"), now_, &worker_.reservations()));
  }

  Reply has() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    return cache_ ? truth(cache_->has(operation_.text("key"), now_)) : Reply::of(false);
  }

  Reply remove() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    return cache_ ? truth(cache_->remove(operation_.text("key"), &worker_.reservations())) : Reply::of(false);
  }

  Reply remove_multiple() {
    auto keys = key_list();
    if (!keys) return value_error(keys.error().message);
    if (!cache_) return Reply::of(false);
    bool all = true;
    for (const std::string& key : *keys) all = cache_->remove(key, &worker_.reservations()).value_or(false) && all;
    return Reply::of(all);
  }

  Reply clear() { return cache_ ? truth(cache_->clear(&worker_.reservations())) : Reply::of(false); }

  Reply lock() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    if (operation_.integer("lease") < 0) return value_error("the lease must be greater than or equal to 0");
    if (!cache_) return Reply::of(false);
    return truth(cache_->lock(operation_.text("key"), worker_.reservations(), operation_.integer("lease"), now_));
  }

  Reply unlock() {
    if (auto complaint = bad_key(operation_.text("key"))) return *complaint;
    return cache_ ? truth(cache_->unlock(operation_.text("key"), worker_.reservations(), now_)) : Reply::of(false);
  }

  Reply info() {
    const auto usage = cache_ ? cache_->usage() : reference::EntryStoreUsage{};
    const auto number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    return Reply::of(Value::map({{"enabled", cache_ != nullptr},
                                 {"available", cache_ != nullptr},
                                 {"startup_failed", false},
                                 {"backend_initialized", cache_ != nullptr},
                                 {"configured_memory", cache_ ? worker_.server().settings().volatile_size_bytes : 0},
                                 {"shared_memory", number(usage.configured_bytes)},
                                 {"entry_count", number(usage.entries)},
                                 {"segment_count", cache_ ? 1 : 0},
                                 {"shared_model", cache_ ? "mmap" : ""},
                                 {"failure_reason", nullptr}}));
  }

 private:
  static Reply truth(const Expected<bool>& result) { return Reply::of(result.value_or(false)); }

  // PHP arrays have integer keys for decimal texts; what a caller sees under `5` is the value of the key "5".
  static Key element_key(const std::string& key) {
    const auto normal = reference::ArrayKey::from_string(key);
    return normal.is_int() ? Key(normal.as_int()) : Key(key);
  }

  static std::optional<Reply> bad_key(const std::string& key) {
    auto complaint = reference::key_complaint(key);
    if (!complaint) return std::nullopt;
    return value_error(*complaint);
  }

  std::optional<Reply> bad_ttl() {
    if (operation_.integer("ttl") >= 0) return std::nullopt;
    return value_error("the time to live must be greater than or equal to 0");
  }

  Expected<std::vector<std::string>> key_list() {
    std::vector<std::string> keys;
    for (const auto& [index, key] : operation_.argument("keys").as_array()) {
      if (!key.is_string() && !key.is_int()) return failure("each key must be a string or an integer");
      keys.push_back(key.is_int() ? std::to_string(key.as_int()) : key.as_string());
      if (auto complaint = reference::key_complaint(keys.back())) return failure(*complaint);
    }
    return keys;
  }

  const Operation& operation_;
  reference::Worker& worker_;
  VolatileCache* cache_;
  std::int64_t now_;
};

}  // namespace

std::optional<Reply> perform_cache_operation(const Operation& operation, reference::Worker& worker) {
  using K = OperationKind;
  const std::string_view feature = operation.spec->feature;
  if (feature != "static_cache" && feature != "static_cache.locks") return std::nullopt;
  if (operation.text("backend") != "volatile") return Reply::unsupported("the reference has the volatile backend only");
  CacheCall call(operation, worker);
  switch (operation.kind()) {
    case K::cache_get:
      return call.get();
    case K::cache_get_multiple:
      return call.get_multiple();
    case K::cache_set:
      return call.set();
    case K::cache_set_multiple:
      return call.set_multiple();
    case K::cache_has:
      return call.has();
    case K::cache_delete:
      return call.remove();
    case K::cache_delete_multiple:
      return call.remove_multiple();
    case K::cache_clear:
      return call.clear();
    case K::cache_info:
      return call.info();
    case K::cache_lock:
      return call.lock();
    case K::cache_unlock:
      return call.unlock();
    default:
      return std::nullopt;
  }
}

}  // namespace assay::conformance
