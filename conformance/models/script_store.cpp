#include "conformance/models/script_store.h"

#include <algorithm>

#include "conformance/models/realpath_model.h"

namespace assay::conformance {

namespace {

class Numbers {
 public:
  explicit Numbers(const Directives& directives) : directives_(directives) {}
  std::int64_t operator()(const char* name, std::int64_t fallback) const {
    const auto found = directives_.find(std::string("opcache.") + name);
    return found == directives_.end() ? fallback : quantity(found->second);
  }

 private:
  const Directives& directives_;
};

// SC-SIZ-04.
std::int64_t slots_for(std::int64_t files) {
  for (const std::int64_t slots : {223, 463, 983, 1979, 3907, 7963, 16229, 32531, 65407, 130987, 262237, 524521})
    if (slots >= files) return slots;
  return 1048793;
}

}  // namespace

ScriptRoom script_room(const Directives& directives) {
  const Numbers number(directives);
  ScriptRoom room;
  room.slots = slots_for(number("max_accelerated_files", 10000));
  room.total = number("memory_consumption", 128) << 20;
  room.waste_percentage = number("max_wasted_percentage", 5);
  room.strings = number("interned_strings_buffer", 8) << 20;
  return room;
}

ScriptRules script_rules(const Directives& directives) {
  const Numbers number(directives);
  ScriptRules rules;
  rules.enabled = number("enable", 1) != 0;
  rules.validates = number("validate_timestamps", 1) != 0;
  rules.frequency = number("revalidate_freq", 2);
  rules.protection = number("file_update_protection", 2);
  rules.resolves_always = number("revalidate_path", 0) != 0;
  rules.uses_directory = number("use_cwd", 1) != 0;
  rules.overrides = number("enable_file_override", 0) != 0;
  rules.interns = number("interned_strings_buffer", 8) != 0;
  rules.largest = number("max_file_size", 0);
  rules.checks_mode = number("validate_permission", 0) != 0;
  rules.only_files = number("file_cache_only", 0) != 0;
  const auto folder = directives.find("opcache.file_cache");
  rules.has_files = folder != directives.end() && !folder->second.empty();
  return rules;
}

const std::string* ScriptStore::path_of(const std::string& key) const {
  auto found = keys.find(key);
  for (int steps = 0; found != keys.end() && found->second != found->first; ++steps) {
    chained = chained || steps > 0;
    found = keys.find(found->second);
  }
  return found == keys.end() ? nullptr : &found->second;
}

ScriptStore::Entry* ScriptStore::find(const std::string& key) {
  const std::string* path = path_of(key);
  return path ? &entries.at(*path) : nullptr;
}

// SC-STA-03, SC-STA-07.
void ScriptStore::hit(Entry& entry, std::int64_t now) {
  ++hits;
  ++entry.hits;
  entry.last_used = now;
}

// ---- room ----

// Nothing while something of unknown size was stored since the last report.
std::optional<std::int64_t> ScriptStore::free_now() const {
  if (!free || !stored_bytes || !stored_unsized.empty()) return std::nullopt;
  return *free - *stored_bytes;
}

// An entry of known size that fits without its slack only, or one of unknown size: either way.
bool ScriptStore::has_memory_for(const Entry& entry, Decisions& decisions) const {
  if (!room.scarce()) return true;
  const auto left = free_now();
  if (left && entry.bytes && *left >= *entry.bytes + block_slack) return true;
  if (left && entry.bytes && *left < *entry.bytes) return false;
  return decisions.decide();
}

// SC-RST-01.
bool ScriptStore::has_waste_for_restart(Decisions& decisions) const {
  if (!room.scarce()) return false;
  return wasted ? *wasted * 100 >= room.total * room.waste_percentage : decisions.decide();
}

void ScriptStore::schedule(ScriptRestart why) {
  if (pending) return;
  pending = true;
  reason = why;
}

// SC-RST-07.
void ScriptStore::table_failed(Decisions& decisions) {
  if (has_waste_for_restart(decisions)) schedule(ScriptRestart::hash);
  full = true;
}

// SC-RST-01, SC-RST-03.
void ScriptStore::memory_failed(Decisions& decisions) {
  if (has_waste_for_restart(decisions)) schedule(ScriptRestart::out_of_memory);
  const auto left = free_now();
  full = left ? *left < nearly_full : decisions.decide();
}

// ---- changes ----

// SC-ALL-04: exactly the bytes of the entry, once. SC-RST-06: of a full cache it may be what was missing.
void ScriptStore::invalidate(Entry& entry, Decisions& decisions) {
  if (!entry.valid) return;
  entry.valid = false;
  if (wasted && entry.bytes)
    *wasted += *entry.bytes;
  else
    wasted.reset();
  if (full && !pending && has_waste_for_restart(decisions))
    schedule(table_is_full() ? ScriptRestart::hash : ScriptRestart::out_of_memory);
}

void ScriptStore::add_key(const std::string& key, const std::string& path, Decisions& decisions) {
  const std::string* known = path_of(path);
  const std::string target = known ? *known : path;  // of which that path may be a key itself (SC-KEY-18)
  if (key == target) return;
  if (!lists(key) && table_is_full()) return table_failed(decisions);
  if (entries.erase(key) > 0 && std::erase(stored_unsized, key) > 0) stored_bytes.reset();
  if (!interns || room.has_few_strings()) stored_bytes.reset();  // SC-ALL-07, also where it is added again (SC-KEY-12)
  keys[key] = target;
}

void ScriptStore::double_key(const std::string& key) {
  if (!table_is_full()) doubled.insert(key);
}

// The table is asked before memory is, also where the entry has a slot (SC-KEY-13).
bool ScriptStore::put(const std::string& path, Entry entry, Decisions& decisions) {
  if (table_is_full()) {
    table_failed(decisions);
    return false;
  }
  const auto known = sizes.find({path, entry.source, entry.route});
  if (known != sizes.end() && !room.has_few_strings()) entry.bytes = known->second;
  if (!has_memory_for(entry, decisions)) {
    memory_failed(decisions);
    return false;
  }
  // The size of an entry that no report has shown is never told any more.
  if (std::erase(stored_unsized, path) > 0) stored_bytes.reset();
  if (!entry.bytes) stored_unsized.push_back(path);
  if (stored_bytes && entry.bytes) *stored_bytes += *entry.bytes + block_slack;
  entries[path] = std::move(entry);
  keys[path] = path;
  return true;
}

void ScriptStore::restart(std::int64_t now) {
  ScriptStore fresh;
  fresh.restarts = std::move(restarts);
  ++fresh.restarts[reason];
  fresh.last_restart = std::max(now, last_restart + 1);
  fresh.generation = generation + 1;
  fresh.free = fresh.free_at_start = free_at_start;
  fresh.sizes = std::move(sizes);
  fresh.strings_at_start = strings_at_start;
  fresh.room = room;
  fresh.interns = interns;
  fresh.counts_are_known = counts_are_known;
  fresh.patterns = std::move(patterns);
  fresh.files = std::move(files);
  *this = std::move(fresh);
}

}  // namespace assay::conformance
