#include "reference/server/static_cache_calls.h"

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/static_cache/declared_keys.h"
#include "reference/static_cache/value_codec.h"

namespace assay::reference {
namespace {

using php::BuiltinError;
using Result = StaticCacheCalls::Result;

tl::unexpected<BuiltinError> thrown(BuiltinError error) {
  return tl::unexpected(std::move(error));
}

BuiltinError value_error(std::string message) {
  return {"ValueError", std::move(message), nullptr};
}

Result truth(const Expected<bool>& result) {
  return Value(result.value_or(false));
}

// What a caller sees under `5` is the value of the key "5".
Array by_key(const std::vector<std::string>& keys, std::vector<std::optional<Value>>& found, const Value& fallback) {
  Array elements;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const ArrayKey key = ArrayKey::from_string(keys[i]);
    if (elements.find(key) != nullptr) continue;
    elements.set(key, found[i] ? Value(std::move(*found[i])) : fallback);
  }
  return elements;
}

BuiltinError forbidden(const Value& value) {
  const bool is_closure = value.resolve().as_object()->kind == ObjectKind::closure;
  return {"TypeError",
          std::string(is_closure ? "a Closure" : "a resource") + " cannot be stored in the static cache: leave it out",
          nullptr};
}

}  // namespace

StaticCacheCalls::StaticCacheCalls(Worker& worker, Backend backend, ScriptObjects::Caller caller)
    : worker_(worker),
      backend_(backend),
      cache_(worker.may_use_api() ? worker.partition().cache(backend) : nullptr),
      holder_(worker.reservations(backend)),
      objects_(worker, caller),
      now_(wall_clock_seconds()) {}

Result StaticCacheCalls::get(const std::string& key, const Value& fallback) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  if (is_forbidden(fallback)) return thrown(forbidden(fallback));  // ST-GET-05
  if (cache_ == nullptr) return Value(false);
  auto found = cache_->get(key, now_, worker_.request().heap, objects_, &worker_.prototypes(backend_));
  if (!found) return failed(found.error());
  if (!*found) return fallback;
  return std::move(**found);
}

Result StaticCacheCalls::get_multiple(const Array& keys, const Value& fallback) {
  const auto names = ASSAY_TRY(key_list(keys));
  if (cache_ == nullptr) return Value(false);
  auto found = cache_->get_multiple(names, now_, worker_.request().heap, objects_, &worker_.prototypes(backend_));
  if (!found) return failed(found.error());
  return Value(by_key(names, *found, fallback));
}

Result StaticCacheCalls::set(const std::string& key, const Value& value, std::int64_t time_to_live) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  if (auto complaint = bad_time_to_live(time_to_live)) return thrown(*complaint);
  if (is_forbidden(value)) return thrown(forbidden(value));  // ST-SET-05
  if (cache_ == nullptr) return Value(false);
  return truth(cache_->set(key, value, time_to_live, now_, &holder_, &objects_));
}

Result StaticCacheCalls::set_multiple(const Array& values, std::int64_t time_to_live) {
  std::vector<std::pair<std::string, Value>> named;
  for (std::size_t at = values.first(); at != values.end(); at = values.next(at)) {
    const Array::Element& element = values.at(at);
    if (element.key.is_int()) return thrown(value_error("setMultiple needs string keys"));
    if (auto complaint = bad_key(element.key.as_string())) return thrown(*complaint);
    named.emplace_back(element.key.as_string(), element.value);
  }
  if (auto complaint = bad_time_to_live(time_to_live)) return thrown(*complaint);
  if (cache_ == nullptr) return Value(false);
  return truth(cache_->set_multiple(named, time_to_live, now_, &holder_, &objects_));
}

Result StaticCacheCalls::add(const std::string& key, const Value& value, std::int64_t time_to_live) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  if (auto complaint = bad_time_to_live(time_to_live)) return thrown(*complaint);
  if (is_forbidden(value)) return thrown(forbidden(value));
  if (cache_ == nullptr) return Value(false);
  return truth(cache_->add(key, value, time_to_live, now_, &holder_, &objects_));
}

Result StaticCacheCalls::keys() {
  if (cache_ == nullptr) return Value(false);
  auto keys = cache_->keys(now_);
  if (!keys) return failed(keys.error());
  std::sort(keys->begin(), keys->end());
  Array list;
  for (const std::string& key : *keys) list.append(Value(key));
  return Value(std::move(list));
}

Result StaticCacheCalls::has(const std::string& key) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  return cache_ == nullptr ? Value(false) : truth(cache_->has(key, now_));
}

// A loaded class stands for all that is kept of it (ST-ATT-18).
Result StaticCacheCalls::remove(const std::string& key) {
  if (worker_.has_class(key))
    return cache_ == nullptr ? Value(false) : Value(cache_->remove_classes({{php::lower(key)}}).has_value());
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  return cache_ == nullptr ? Value(false) : truth(cache_->remove(key, &holder_));
}

Result StaticCacheCalls::remove_multiple(const Array& keys) {
  const auto names = ASSAY_TRY(key_list(keys));
  if (cache_ == nullptr) return Value(false);
  bool all = true;
  for (const std::string& key : names) all = cache_->remove(key, &holder_).value_or(false) && all;
  return Value(all);
}

Result StaticCacheCalls::clear() {
  if (cache_ == nullptr) return Value(false);
  worker_.statics().suppress(backend_);
  return truth(cache_->clear(&holder_));
}

Result StaticCacheCalls::lock(const std::string& key, std::int64_t lease) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  if (lease < 0) return thrown(value_error("the lease must be greater than or equal to 0"));
  return cache_ == nullptr ? Value(false) : truth(cache_->lock(key, holder_, lease, now_));
}

Result StaticCacheCalls::unlock(const std::string& key) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  return cache_ == nullptr ? Value(false) : truth(cache_->unlock(key, holder_, now_));
}

Result StaticCacheCalls::increment(const std::string& key, std::int64_t step) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  return cache_ == nullptr ? Value(false) : counted(cache_->increment(key, step, now_, &holder_));
}

Result StaticCacheCalls::decrement(const std::string& key, std::int64_t step) {
  if (auto complaint = bad_key(key)) return thrown(*complaint);
  return cache_ == nullptr ? Value(false) : counted(cache_->decrement(key, step, now_, &holder_));
}

Result StaticCacheCalls::counted(const Expected<std::optional<StaticCache::Count>>& count) {
  if (!count || !*count) return Value(false);
  if ((*count)->overflowed) {
    worker_.request().report(
        {php::Severity::warning, "the counter of the static cache went beyond the range of integers", "", 0});
  }
  return Value((*count)->value);
}

Result StaticCacheCalls::store_type(const std::string& key, const Value& class_name) {
  constexpr const char* kNames[] = {"Scalar", "SharedGraph", "OPcacheSerialized", "PHPSerialized"};
  if (class_name.is_null()) {
    if (auto complaint = bad_key(key)) return thrown(*complaint);
  } else if (!class_name.is_string()) {
    return thrown({"TypeError", "the class must be a string or null", nullptr});
  }
  if (cache_ == nullptr) return Value("NotFound");  // ST-ENC-04
  const auto type = class_name.is_null() ? cache_->store_type(key, now_).value_or(std::nullopt)
                                         : property_type(key, class_name.as_string());
  return Value(type ? kNames[static_cast<int>(*type)] : "NotFound");
}

// Of a class that is kept as one entry, the type is that of the whole (ST-ENC-09).
std::optional<StoreType> StaticCacheCalls::property_type(const std::string& property, const std::string& class_name) {
  const std::string_view prefix = backend_ == Backend::pinned ? declared_keys::kPinned : declared_keys::kVolatile;
  const std::string member = "$" + property;
  const std::string lower_class = php::lower(class_name.starts_with('\\') ? class_name.substr(1) : class_name);
  const auto own = cache_->store_type(declared_keys::of_member(prefix, lower_class, member), now_);
  if (own && *own) return *own;
  const std::string key = declared_keys::of_class(prefix, lower_class);
  // Its members by name; objects in it are nobody's.
  Heap heap;
  const auto whole = cache_->get(key, now_, heap);
  const bool has_it =
      whole && *whole && (*whole)->is_array() && (*whole)->as_array().find(ArrayKey::verbatim(member)) != nullptr;
  return has_it ? cache_->store_type(key, now_).value_or(std::nullopt) : std::nullopt;
}

Result StaticCacheCalls::info() const {
  if (!worker_.may_use_api()) {
    return thrown({"OPcache\\StaticCacheException",
                   "the API of OPcache is restricted to other scripts by opcache.restrict_api", nullptr});
  }
  const bool is_on = cache_ != nullptr;
  const EntryStoreUsage usage = is_on ? cache_->usage() : EntryStoreUsage{};
  const Partition& partition = worker_.partition();
  const std::int64_t configured = partition.configured_bytes(backend_);
  const bool has_failed = configured != 0 && partition.has_failed_to_start();  // ST-CFG-09
  Array fields;
  fields.set("enabled", Value(configured != 0));
  fields.set("available", Value(is_on));
  fields.set("startup_failed", Value(has_failed));
  fields.set("backend_initialized", Value(is_on));
  fields.set("configured_memory", Value(configured));
  fields.set("shared_memory", Value(usage.configured_bytes));
  fields.set("entry_count", Value(usage.entries));
  fields.set("segment_count", Value(is_on ? 1 : 0));
  fields.set("shared_model", is_on ? Value(memory_model_name(cache_->memory_model())) : Value(""));
  fields.set("failure_reason", configured != 0 && !is_on ? Value(partition.failure()) : Value());
  return Value(std::move(fields));
}

Result StaticCacheCalls::failed(const Error& error) {
  if (error.code == kRequestMemoryExhausted) return thrown({"", error.message, nullptr});
  return Value(false);
}

StaticCacheCalls::Complaint StaticCacheCalls::bad_key(const std::string& key) const {
  auto complaint = key_complaint(key);
  if (!complaint && worker_.has_class(key)) complaint = "must not be the name of a class: " + key;  // ST-KEY-08
  if (!complaint) return std::nullopt;
  return value_error("the key " + *complaint);
}

// Pinned entries have none: the parameter does not exist there (ST-TTL-01).
StaticCacheCalls::Complaint StaticCacheCalls::bad_time_to_live(std::int64_t seconds) const {
  if (backend_ == Backend::pinned && seconds != 0)
    return BuiltinError{"ArgumentCountError", "an entry of the pinned cache has no time to live", nullptr};
  if (seconds >= 0) return std::nullopt;
  return value_error("the time to live must be greater than or equal to 0");
}

tl::expected<std::vector<std::string>, BuiltinError> StaticCacheCalls::key_list(const Array& keys) const {
  std::vector<std::string> names;
  for (std::size_t at = keys.first(); at != keys.end(); at = keys.next(at)) {
    const Value& key = keys.at(at).value.resolve();
    if (!key.is_string() && !key.is_int()) return thrown(value_error("each key must be a string or an integer"));
    names.push_back(key.is_int() ? std::to_string(key.as_int()) : key.as_string());
    if (auto complaint = bad_key(names.back())) return thrown(*complaint);
  }
  return names;
}

}  // namespace assay::reference
