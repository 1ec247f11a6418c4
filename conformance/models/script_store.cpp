#include "conformance/models/script_store.h"

#include <algorithm>

#include "conformance/models/realpath_model.h"

namespace assay::conformance {

ScriptRules script_rules(const Directives& directives) {
  const auto number = [&](const char* name, std::int64_t fallback) {
    const auto found = directives.find(std::string("opcache.") + name);
    return found == directives.end() ? fallback : quantity(found->second);
  };
  ScriptRules rules;
  rules.enabled = number("enable", 1) != 0;
  rules.validates = number("validate_timestamps", 1) != 0;
  rules.frequency = number("revalidate_freq", 2);
  rules.protection = number("file_update_protection", 2);
  rules.resolves_always = number("revalidate_path", 0) != 0;
  rules.uses_directory = number("use_cwd", 1) != 0;
  rules.overrides = number("enable_file_override", 0) != 0;
  rules.largest = number("max_file_size", 0);
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

// SC-ALL-04: exactly the bytes of the entry, once.
void ScriptStore::invalidate(Entry& entry) {
  if (!entry.valid) return;
  entry.valid = false;
  if (wasted && entry.bytes)
    *wasted += *entry.bytes;
  else
    wasted.reset();
}

void ScriptStore::add_key(const std::string& key, const std::string& path) {
  if (key == path) return;
  if (entries.erase(key) > 0 && std::erase(stored_unsized, key) > 0) stored_bytes.reset();
  keys[key] = path;
}

void ScriptStore::put(const std::string& path, Entry entry) {
  const auto known = sizes.find({path, entry.source, entry.by_compile});
  if (known != sizes.end()) entry.bytes = known->second;
  // The size of an entry that no report has shown is never told any more.
  if (std::erase(stored_unsized, path) > 0) stored_bytes.reset();
  if (!entry.bytes) stored_unsized.push_back(path);
  if (stored_bytes && entry.bytes) *stored_bytes += *entry.bytes + block_slack;
  entries[path] = std::move(entry);
  keys[path] = path;
}

void ScriptStore::restart(std::int64_t now) {
  ScriptStore fresh;
  fresh.manual_restarts = manual_restarts + 1;
  fresh.last_restart = std::max(now, last_restart + 1);
  fresh.generation = generation + 1;
  fresh.free = fresh.free_at_start = free_at_start;
  fresh.sizes = std::move(sizes);
  *this = std::move(fresh);
}

}  // namespace assay::conformance
