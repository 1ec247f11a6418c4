#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/php/interpreter/builtins.h"
#include "reference/server/script_objects.h"
#include "reference/server/worker.h"
#include "reference/static_cache/static_cache.h"

namespace assay::reference {

// The methods of OPcache\VolatileCache and OPcache\PinnedCache, as a request calls them: arguments are checked first,
// also where the backend is off (ST-AVL-06), and each failure is false (ST-AVL-05, ST-AVL-13). An error is the exception
// that the caller gets, or, without a class, the end of the request (ST-PRC-15).
//
// Where the request may not use the API each call fails as where the backend is off, and info() throws (ST-AVL-11).
//
// One object for each call; the worker must be in a request.
class StaticCacheCalls {
 public:
  using Result = php::BuiltinResult;
  StaticCacheCalls(Worker& worker, Backend backend, ScriptObjects::Caller caller);

  Result get(const std::string& key, const Value& fallback);
  Result get_multiple(const Array& keys, const Value& fallback);
  Result set(const std::string& key, const Value& value, std::int64_t time_to_live);
  Result set_multiple(const Array& values, std::int64_t time_to_live);
  Result has(const std::string& key);
  // Beside the proposal, as other caches have them (ST-EXT): stores where there is no live entry; lists the keys.
  Result add(const std::string& key, const Value& value, std::int64_t time_to_live);
  Result keys();
  Result remove(const std::string& key_or_class);
  Result remove_multiple(const Array& keys);
  Result clear();
  Result lock(const std::string& key, std::int64_t lease);
  Result unlock(const std::string& key);
  // Scripts have them for the pinned backend alone. An overflow is also reported to the request (ST-CNT-05).
  Result increment(const std::string& key, std::int64_t step);
  Result decrement(const std::string& key, std::int64_t step);
  // With a class: of its static property of that name (ST-ENC-03).
  Result store_type(const std::string& key_or_property, const Value& class_name);
  Result info() const;

  // See ScriptObjects::end().
  const std::optional<php::RunResult>& end() const { return objects_.end(); }

 private:
  using Complaint = std::optional<php::BuiltinError>;
  static Result failed(const Error& error);
  Complaint bad_key(const std::string& key) const;
  Complaint bad_time_to_live(std::int64_t seconds) const;
  tl::expected<std::vector<std::string>, php::BuiltinError> key_list(const Array& keys) const;
  std::optional<StoreType> property_type(const std::string& property, const std::string& class_name);
  Result counted(const Expected<std::optional<StaticCache::Count>>& count);

  Worker& worker_;
  Backend backend_;
  StaticCache* cache_;
  ReservationHolder& holder_;
  ScriptObjects objects_;
  std::int64_t now_;
};

}  // namespace assay::reference
