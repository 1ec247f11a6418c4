#include "reference/server/static_cache_classes.h"

#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"
#include "reference/server/request_files.h"
#include "reference/server/static_cache_calls.h"

namespace assay::reference {
namespace {

using php::BuiltinCall;
using php::BuiltinResult;

// Each method hands its arguments to a builtin of ours, after the type checks that its parameters ask for.
constexpr std::string_view kClasses = R"php(<?php
namespace OPcache;
enum CacheStoreType { case NotFound; case Scalar; case SharedGraph; case OPcacheSerialized; case PHPSerialized; }
enum CacheStrategy: int { case Immediate = 0; case Tracking = 1; }
class StaticCacheException extends \Exception {}
final class VolatileStatic {
  public function __construct(public readonly int $ttl = 0, public readonly CacheStrategy $strategy = CacheStrategy::Immediate) {
    if ($ttl < 0) throw new \ValueError('the time to live must be greater than or equal to 0');
  }
}
final class PinnedStatic {}
final class StaticCacheInfo {
  public readonly bool $enabled; public readonly bool $available; public readonly bool $startup_failed; public readonly bool $backend_initialized;
  public readonly int $configured_memory; public readonly int $shared_memory; public readonly int $entry_count; public readonly int $segment_count;
  public readonly string $shared_model; public readonly ?string $failure_reason;
  private function __construct() {}
}
final class VolatileCache {
  public static function get(string $key, $default = null) { return \assay_static_cache('get', false, $key, $default); }
  public static function getMultiple(array $keys, ?array $default = null) { return \assay_static_cache('getMultiple', false, $keys, $default); }
  public static function set(string $key, $value, int $ttl = 0) { return \assay_static_cache('set', false, $key, $value, $ttl); }
  public static function setMultiple(array $values, int $ttl = 0) { return \assay_static_cache('setMultiple', false, $values, $ttl); }
  public static function has(string $key) { return \assay_static_cache('has', false, $key); }
  public static function delete(string $key) { return \assay_static_cache('delete', false, $key); }
  public static function deleteMultiple(array $keys) { return \assay_static_cache('deleteMultiple', false, $keys); }
  public static function clear() { return \assay_static_cache('clear', false); }
  public static function lock(string $key, int $lease = 0) { return \assay_static_cache('lock', false, $key, $lease); }
  public static function unlock(string $key) { return \assay_static_cache('unlock', false, $key); }
  public static function info() { return \assay_static_cache('info', false); }
  public static function getCacheStoreType(string $key, ?string $class = null) {
    return \constant('OPcache\CacheStoreType::' . \assay_static_cache('getCacheStoreType', false, $key, $class));
  }
}
final class PinnedCache {
  public static function get(string $key, $default = null) { return \assay_static_cache('get', true, $key, $default); }
  public static function getMultiple(array $keys, ?array $default = null) { return \assay_static_cache('getMultiple', true, $keys, $default); }
  public static function set(string $key, $value) { return \assay_static_cache('set', true, $key, $value, \func_num_args() - 2); }
  public static function setMultiple(array $values) { return \assay_static_cache('setMultiple', true, $values, \func_num_args() - 1); }
  public static function has(string $key) { return \assay_static_cache('has', true, $key); }
  public static function delete(string $key) { return \assay_static_cache('delete', true, $key); }
  public static function deleteMultiple(array $keys) { return \assay_static_cache('deleteMultiple', true, $keys); }
  public static function clear() { return \assay_static_cache('clear', true); }
  public static function lock(string $key, int $lease = 0) { return \assay_static_cache('lock', true, $key, $lease); }
  public static function unlock(string $key) { return \assay_static_cache('unlock', true, $key); }
  public static function info() { return \assay_static_cache('info', true); }
  public static function increment(string $key, int $step = 1) { return \assay_static_cache('increment', true, $key, $step); }
  public static function decrement(string $key, int $step = 1) { return \assay_static_cache('decrement', true, $key, $step); }
  public static function getCacheStoreType(string $key, ?string $class = null) {
    return \constant('OPcache\CacheStoreType::' . \assay_static_cache('getCacheStoreType', true, $key, $class));
  }
}
)php";

using Calls = StaticCacheCalls;
using Arguments = std::vector<Value>;
struct Method {
  std::string_view name;
  BuiltinResult (*call)(Calls& calls, const Arguments& given);
};

// Arguments have the types of the parameters above.
constexpr Method kMethods[] = {
    {"get", [](Calls& calls, const Arguments& given) { return calls.get(given[2].as_string(), given[3]); }},
    {"getMultiple",
     [](Calls& calls, const Arguments& given) { return calls.get_multiple(given[2].as_array(), given[3]); }},
    {"set",
     [](Calls& calls, const Arguments& given) { return calls.set(given[2].as_string(), given[3], given[4].as_int()); }},
    {"setMultiple",
     [](Calls& calls, const Arguments& given) { return calls.set_multiple(given[2].as_array(), given[3].as_int()); }},
    {"has", [](Calls& calls, const Arguments& given) { return calls.has(given[2].as_string()); }},
    {"delete", [](Calls& calls, const Arguments& given) { return calls.remove(given[2].as_string()); }},
    {"deleteMultiple", [](Calls& calls, const Arguments& given) { return calls.remove_multiple(given[2].as_array()); }},
    {"clear", [](Calls& calls, const Arguments&) { return calls.clear(); }},
    {"lock", [](Calls& calls, const Arguments& given) { return calls.lock(given[2].as_string(), given[3].as_int()); }},
    {"unlock", [](Calls& calls, const Arguments& given) { return calls.unlock(given[2].as_string()); }},
    {"increment",
     [](Calls& calls, const Arguments& given) { return calls.increment(given[2].as_string(), given[3].as_int()); }},
    {"decrement",
     [](Calls& calls, const Arguments& given) { return calls.decrement(given[2].as_string(), given[3].as_int()); }},
    {"getCacheStoreType",
     [](Calls& calls, const Arguments& given) { return calls.store_type(given[2].as_string(), given[3]); }},
};

// A snapshot that nothing changes later (ST-AVL-07, ST-AVL-08).
BuiltinResult as_object(BuiltinResult fields, php::Machine& machine) {
  if (!fields) return fields;
  auto object = machine.new_object(machine.require_class("OPcache\\StaticCacheInfo"));
  const Array& list = fields->as_array();
  for (std::size_t at = list.first(); at != list.end(); at = list.next(at))
    object->properties.set(list.at(at).key, list.at(at).value);
  return Value(std::move(object));
}

BuiltinResult perform(BuiltinCall& call) {
  Worker& worker = static_cast<RequestFiles&>(*call.context.host).worker();
  const Backend backend = php::to_bool(call.arguments[1]) ? Backend::pinned : Backend::volatile_;
  Calls calls(worker, backend, ScriptObjects::Caller::script);
  if (call.arguments[0].as_string() == "info") return as_object(calls.info(), call.machine);
  for (const Method& method : kMethods) {
    if (call.arguments[0].as_string() == method.name) return method.call(calls, call.arguments);
  }
  return Value();
}

}  // namespace

void add_static_cache_classes(php::Builtins& builtins) {
  // The text above is our own: it compiles, or no script finds the classes.
  (void)builtins.add_prelude(kClasses);
  builtins.add("assay_static_cache", 2, 5, perform);
}

}  // namespace assay::reference
