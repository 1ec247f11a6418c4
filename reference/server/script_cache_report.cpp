#include "reference/server/script_cache_report.h"

#include <ctime>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/server/static_cache_calls.h"

namespace assay::reference {
namespace {

using Fields = std::initializer_list<std::pair<const char*, Value>>;

Array array_of(Fields fields) {
  Array array;
  for (const auto& [name, value] : fields) array.set(name, value);
  return array;
}

Value list_of(const std::vector<std::string>& texts) {
  Array list;
  for (const std::string& text : texts) list.append(Value(text));
  return Value(std::move(list));
}

Value memory(const CacheStatus& status) {
  return Value(array_of({{"used_memory", status.memory.used},
                         {"free_memory", status.memory.free},
                         {"wasted_memory", status.memory.wasted},
                         {"current_wasted_percentage", status.wasted_percentage()}}));
}

Value interned(const CacheStatus& status) {
  return Value(array_of({{"buffer_size", status.interned.buffer_size},
                         {"used_memory", status.interned.used},
                         {"free_memory", status.interned.free},
                         {"number_of_strings", status.interned.strings}}));
}

Value statistics(const CacheStatus& status) {
  return Value(array_of({{"num_cached_scripts", status.cached_scripts},
                         {"num_cached_keys", status.cached_keys},
                         {"max_cached_keys", status.max_cached_keys},
                         {"hits", status.hits},
                         {"start_time", status.start_time},
                         {"last_restart_time", status.last_restart_time},
                         {"oom_restarts", status.oom_restarts},
                         {"hash_restarts", status.hash_restarts},
                         {"manual_restarts", status.manual_restarts},
                         {"misses", status.misses()},
                         {"blacklist_misses", status.blacklist_misses},
                         {"blacklist_miss_ratio", status.blacklist_miss_ratio()},
                         {"opcache_hit_rate", status.hit_rate()}}));
}

std::string local_time_text(std::int64_t seconds) {
  const time_t time = static_cast<time_t>(seconds);
  tm broken{};
  ::localtime_r(&time, &broken);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &broken));
}

Value listed(const ScriptStatus& entry, bool with_timestamp) {
  Array fields = array_of({{"full_path", entry.full_path},
                           {"hits", entry.hits},
                           {"memory_consumption", entry.memory_consumption},
                           {"last_used", local_time_text(entry.last_used)},
                           {"last_used_timestamp", entry.last_used}});
  if (with_timestamp) fields.set("timestamp", entry.timestamp);
  return Value(std::move(fields));
}

// PL-STA-01: what there is nothing of is left out.
Value preload_statistics(const Preloaded& preloaded) {
  Array report = array_of({{"memory_consumption", preloaded.memory_consumption}});
  for (const auto& [name, items] : {std::pair("functions", &preloaded.functions),
                                    std::pair("classes", &preloaded.classes), std::pair("scripts", &preloaded.scripts)})
    if (!items->empty()) report.set(name, list_of(*items));
  return Value(std::move(report));
}

void add_static_cache(Worker& worker, Array& report) {  // ST-AVL-10
  for (const auto& [name, backend] :
       {std::pair("volatile_cache", Backend::volatile_), std::pair("pinned_cache", Backend::pinned)}) {
    StaticCacheCalls calls(worker, backend, ScriptObjects::Caller::outside);
    if (auto info = calls.info()) report.set(name, std::move(*info));
  }
}

Value scripts_of(const CacheStatus& status, bool with_timestamps) {
  Array list;
  for (const ScriptStatus& entry : status.scripts) list.set(entry.full_path, listed(entry, with_timestamps));
  return Value(std::move(list));
}

}  // namespace

Value status_report(Worker& worker, bool with_scripts) {
  ScriptCacheClient& scripts = worker.scripts();
  const auto status = scripts.status(with_scripts);
  const std::string& files = scripts.settings().file_cache;
  const bool files_only = !status && !files.empty() && scripts.settings().enable;
  if (!status && !files_only) return false;
  Array report = array_of({{"opcache_enabled", scripts.is_usable()}});
  if (!files.empty()) report.set("file_cache", files);
  if (files_only) {  // SC-FIL-10
    report.set("file_cache_only", true);
    return Value(std::move(report));
  }
  report.set("cache_full", status->cache_full);
  report.set("restart_pending", status->restart_pending);
  report.set("restart_in_progress", status->restart_in_progress);
  report.set("memory_usage", memory(*status));
  if (status->interned.buffer_size > 0) report.set("interned_strings_usage", interned(*status));
  report.set("opcache_statistics", statistics(*status));
  if (const auto* preloaded = worker.server().preloaded())
    report.set("preload_statistics", preload_statistics(*preloaded));
  add_static_cache(worker, report);
  if (status->is_listed) report.set("scripts", scripts_of(*status, scripts.settings().validate_timestamps));
  report.set("jit", array_of({{"enabled", false},
                              {"on", false},
                              {"kind", 0},
                              {"opt_level", 0},
                              {"opt_flags", 0},
                              {"buffer_size", 0},
                              {"buffer_free", 0}}));
  return Value(std::move(report));
}

Value configuration_report(Worker& worker) {
  Array directives;
  for (const auto& [name, value] : report_directives(worker.scripts().settings()))
    directives.set(name, std::visit([](const auto& setting) { return Value(setting); }, value));
  return Value(array_of({{"directives", Value(std::move(directives))},
                         {"version", array_of({{"version", "0.1.0"}, {"opcache_product_name", "Assay reference"}})},
                         {"blacklist", list_of(worker.blacklist().patterns())}}));
}

}  // namespace assay::reference
