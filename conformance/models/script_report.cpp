// What a status report must say of a state (script-cache.md 11).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conformance/adapter/root_text.h"
#include "conformance/models/script_model.h"

namespace assay::conformance {

namespace {

// Collects what in a report is not as it must be.
class Reading {
 public:
  explicit Reading(const Value& report) : report_(report) {}

  void expect(const Path& path, const Value& expected) {
    const Value* shown = report_.at(path);
    if (!shown || *shown != expected)
      differs(
          fmt::format("{} is {} instead of {}", to_text(path), shown ? to_text(*shown) : "missing", to_text(expected)));
  }
  void expect_number(const Path& path, double expected) {
    const Value* shown = report_.at(path);
    const bool same = shown && shown->is_float() && std::abs(shown->as_float() - expected) < 1e-9 * (1 + expected);
    if (!same)
      differs(fmt::format("{} is {} instead of {}", to_text(path), shown ? to_text(*shown) : "missing", expected));
  }
  std::int64_t integer(const Path& path) {
    const Value* shown = report_.at(path);
    if (shown && shown->is_int()) return shown->as_int();
    differs(to_text(path) + " is no integer");
    return 0;
  }
  void differs(std::string text) {
    if (first_.empty()) first_ = std::move(text);
  }
  const Value& report() const { return report_; }
  const std::string& first() const { return first_; }

 private:
  const Value& report_;
  std::string first_;
};

Path statistic(const char* name) {
  return {"opcache_statistics", name};
}
Path memory(const char* name) {
  return {"memory_usage", name};
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// SC-STA-03, -05, -06, SC-KEY-11.
void read_counts(const ScriptStore& store, Reading& reading) {
  const std::int64_t uses = store.hits + store.misses;
  reading.expect(statistic("hits"), store.hits);
  reading.expect(statistic("misses"), store.full ? store.misses : store.misses - store.excluded);
  reading.expect_number(statistic("opcache_hit_rate"), ratio(store.hits, uses));
  reading.expect_number(statistic("blacklist_miss_ratio"), ratio(store.excluded, uses));
  reading.expect(statistic("num_cached_keys"), store.slots());
  reading.expect(statistic("num_cached_scripts"), static_cast<std::int64_t>(store.entries.size()));
}

// SC-STA-06, SC-RST-13, -14.
void read_statistics(const ScriptStore& store, Reading& reading) {
  if (store.counts_are_known) read_counts(store, reading);
  reading.expect(statistic("blacklist_misses"), store.excluded);
  reading.expect(statistic("max_cached_keys"), store.room.slots);
  for (const auto& [name, reason] : {std::pair{"manual_restarts", ScriptRestart::manual},
                                     {"oom_restarts", ScriptRestart::out_of_memory},
                                     {"hash_restarts", ScriptRestart::hash}}) {
    const auto performed = store.restarts.find(reason);
    reading.expect(statistic(name), performed == store.restarts.end() ? 0 : performed->second);
  }
  reading.expect(statistic("last_restart_time"), store.last_restart);
}

// One listed entry (SC-STA-02, -07, SC-API-05); its size is learned.
void read_entry(ScriptStore& store, const std::string& path, const std::string& name, bool validates,
                Reading& reading) {
  ScriptStore::Entry& entry = store.entries.at(path);
  reading.expect({"scripts", name, "full_path"}, name);
  reading.expect({"scripts", name, "hits"}, entry.hits);
  reading.expect({"scripts", name, "last_used_timestamp"}, entry.last_used);
  if (validates)
    reading.expect({"scripts", name, "timestamp"}, entry.valid ? entry.mtime : 0);
  else if (reading.report().at({"scripts", name, "timestamp"}))
    reading.differs("a timestamp although nothing is validated: " + name);
  const Path bytes = {"scripts", name, "memory_consumption"};
  if (entry.route == ScriptRoute::file_without_size) {  // what it took is not told
    entry.bytes = 0;
    if (std::erase(store.stored_unsized, path) > 0) store.stored_bytes.reset();
    return reading.expect(bytes, 0);
  }
  if (entry.bytes) return reading.expect(bytes, *entry.bytes);
  entry.bytes = reading.integer(bytes);
  store.sizes[{path, entry.source, entry.route}] = *entry.bytes;
  if (std::erase(store.stored_unsized, path) > 0 && store.stored_bytes)
    *store.stored_bytes += *entry.bytes + block_slack;
}

void read_scripts(ScriptStore& store, const std::string& root, bool validates, Reading& reading) {
  const Value* listed = reading.report().find(Key("scripts"));
  if (!listed || !listed->is_array()) return reading.differs("no scripts are listed");
  for (const auto& [path, entry] : store.entries) {
    const std::string name = without_root(path, root);
    if (!listed->find(Key(name)))
      reading.differs("stored but not listed: " + name);
    else
      read_entry(store, path, name, validates, reading);
  }
  if (!store.counts_are_known) return;
  for (const auto& [name, entry] : listed->as_array())
    if (!std::holds_alternative<std::string>(name) ||
        !store.entries.contains(with_root(std::get<std::string>(name), root)))
      reading.differs("listed but not stored: " + to_text(Path{name}));
}

Path string_usage(const char* name) {
  return {"interned_strings_usage", name};
}

// SC-INT-01 to -04: it only grows, until a restart.
void read_strings(ScriptStore& store, Reading& reading) {
  if (!store.interns) {
    if (reading.report().find(Key("interned_strings_usage"))) reading.differs("there is no buffer of strings");
    return;
  }
  const ScriptStore::Strings now{reading.integer(string_usage("used_memory")),
                                 reading.integer(string_usage("number_of_strings"))};
  reading.expect(string_usage("buffer_size"), store.room.strings);
  reading.expect(string_usage("free_memory"), store.room.strings - now.used);
  if (!store.counts_are_known) return;
  if (store.strings && (now.used < store.strings->used || now.number < store.strings->number))
    reading.differs("interned strings are gone");
  if (store.entries.empty() && store.keys.empty() && !store.has_made_names) {
    if (store.strings_at_start && *store.strings_at_start != now)
      reading.differs("other interned strings than at the start, and nothing is stored");
    store.strings_at_start = now;
  }
  store.strings = now;
}

// SC-SEG-01, SC-ALL-01 to -06.
void read_memory(ScriptStore& store, Reading& reading) {
  const std::int64_t used = reading.integer(memory("used_memory"));
  const std::int64_t free = reading.integer(memory("free_memory"));
  const std::int64_t wasted = reading.integer(memory("wasted_memory"));
  const std::int64_t total = used + free + wasted;
  reading.expect_number(memory("current_wasted_percentage"), ratio(wasted, total));
  for (const std::int64_t bytes : {used, free, wasted})
    if (bytes % 8 != 0 || bytes < 0) reading.differs(fmt::format("{} bytes in the memory usage", bytes));
  if (!store.counts_are_known) return;
  if (store.wasted) reading.expect(memory("wasted_memory"), *store.wasted);
  store.wasted = wasted;
  if (total != store.room.total)
    reading.differs(fmt::format("{} bytes of {} are accounted for", total, store.room.total));
  if (!store.stored_unsized.empty()) store.stored_bytes.reset();
  if (store.free && store.stored_bytes) reading.expect(memory("free_memory"), *store.free - *store.stored_bytes);
  if (store.free && free > *store.free) reading.differs("memory was given back");
  // SC-RST-13: what nobody has stored anything in.
  if (store.entries.empty() && !store.full && store.interns) {
    if (store.free_at_start) reading.expect(memory("free_memory"), *store.free_at_start);
    store.free_at_start = free;
  }
  store.free = free;
  store.stored_bytes = 0;
  store.stored_unsized.clear();
}

}  // namespace

namespace {

// SC-FIL-10.
std::string without_memory(Reading& reading) {
  reading.expect({"opcache_enabled"}, false);
  reading.expect({"file_cache_only"}, true);
  for (const char* part : {"memory_usage", "opcache_statistics", "scripts"})
    if (reading.report().find(Key(part)))
      reading.differs(fmt::format("there is no memory, and the report has {}", part));
  return reading.first();
}

}  // namespace

std::string ScriptModel::misfit(ScriptState& state, const Value& report, bool with_scripts) const {
  const ScriptRules& rules = this->rules(state.request.worker);
  const bool usable = rules.has_memory() && !state.request.outside;
  Reading reading(report);
  if (rules.only_files) return without_memory(reading);
  reading.expect({"opcache_enabled"}, usable);
  reading.expect({"cache_full"}, state.store.full);
  reading.expect({"restart_pending"}, state.store.pending);
  reading.expect({"restart_in_progress"}, false);
  read_statistics(state.store, reading);
  if (usable && with_scripts)
    read_scripts(state.store, root_, rules.validates, reading);
  else if (report.find(Key("scripts")))
    reading.differs("scripts are listed");
  read_memory(state.store, reading);
  read_strings(state.store, reading);
  return reading.first();
}

}  // namespace assay::conformance
