// How a script that memory does not have is compiled, or loaded from the file cache, and stored.
#include <fmt/format.h>

#include "faults/points/point.h"
#include "reference/script_cache/script_cache_client.h"

namespace assay::reference {

using points::point;

ScriptUse ScriptCacheClient::compile(const std::string& path, SourceFile& file) {
  const php::Script* compiled = file.compile(path);
  return {compiled == nullptr ? ScriptUse::Kind::failed : ScriptUse::Kind::compiled, compiled};
}

// Nothing can be had from memory now; files may serve all the same.
ScriptUse ScriptCacheClient::run_without_memory(const std::string& resolved_path, SourceFile& file) {
  const bool has_files = files_ != nullptr && settings_.enable;
  const auto status = has_files ? file.status(resolved_path) : std::nullopt;
  if (const LoadedScript* loaded = has_files ? load(resolved_path, status) : nullptr)
    return {ScriptUse::Kind::hit, loaded->script};
  const php::Script* compiled = file.compile(resolved_path);
  if (compiled != nullptr && has_files && may_be_stored(resolved_path, status, file))
    files_->store(resolved_path, {status ? status->modification_time : 0, now_ + settings_.revalidate_freq}, *compiled);
  return {compiled == nullptr ? ScriptUse::Kind::failed : ScriptUse::Kind::compiled, compiled};
}

// SC-FIL-05: whether the file cache is asked as well.
Expected<ScriptUse> ScriptCacheClient::compile_and_store(std::string_view key, const std::string& resolved_path,
                                                         SourceFile& file, bool asks_files) {
  // Before the file is read: a change in between is then noticed by the next check.
  const auto status = file.status(resolved_path);
  const std::int64_t timestamp = status ? status->modification_time : 0;
  if (const LoadedScript* loaded = asks_files ? load(resolved_path, status) : nullptr)
    return take_into_memory(key, resolved_path, {ScriptUse::Kind::hit, loaded->script},
                            {timestamp, loaded->next_check});
  cache_->count_miss();
  const bool may_be_stored = this->may_be_stored(resolved_path, status, file);  // which counts (SC-EXC-03, SC-EXC-05)
  const php::Script* compiled = file.compile(resolved_path);
  if (compiled == nullptr) return ScriptUse{ScriptUse::Kind::failed, nullptr};
  const ScriptUse use{ScriptUse::Kind::compiled, compiled};
  if (!may_be_stored) return use;
  const std::int64_t next_check = now_ + settings_.revalidate_freq;
  if (files_ != nullptr) {
    if (cache_->is_pending() || cache_->is_full()) files_->remove(resolved_path);  // and the older one goes (SC-FIL-05)
    files_->store(resolved_path, {timestamp, next_check}, *compiled);
  }
  return take_into_memory(key, resolved_path, use, {timestamp, next_check});
}

// What a file had counts a hit where memory has room for it, or is not asked as a restart is pending (SC-FIL-05).
Expected<ScriptUse> ScriptCacheClient::take_into_memory(std::string_view key, const std::string& resolved_path,
                                                        ScriptUse use, CacheFileTimes times) {
  const auto without_memory = [&] {
    if (use.kind == ScriptUse::Kind::hit) cache_->is_pending() ? cache_->count_hit_elsewhere() : cache_->count_miss();
    return use;
  };
  if (cache_->is_full() || cache_->is_pending()) return without_memory();
  const std::int64_t timestamp = settings_.validate_timestamps ? times.source : 0;  // nobody asked for it (SC-STA-07)
  point("store/begin");
  ScriptCache::Stored stored;
  {
    const auto guard = ASSAY_TRY(cache_->lock_for_writing());
    if (cache_->is_pending() || cache_->is_full()) return without_memory();  // since we looked
    stored = cache_->store(in_root(resolved_path), timestamp, times.next_check, *use.script, now_, root_.size());
    if (stored.outcome == ScriptCache::StoreOutcome::not_stored) return without_memory();
    // SC-FIL-05: what a file had comes without the key of the spelling.
    const bool is_new = stored.outcome == ScriptCache::StoreOutcome::stored && use.kind == ScriptUse::Kind::compiled;
    if (is_new && key != resolved_path) cache_->add_key(in_root(key), in_root(resolved_path), now_);
  }
  const char* what = use.kind == ScriptUse::Kind::hit ? "File cached script loaded into memory" : "Cached script";
  log_.write(LogLevel::message, fmt::format("{} '{}'", what, resolved_path));
  if (use.kind == ScriptUse::Kind::hit) cache_->count_hit(*stored.entry, now_);
  if (stored.outcome == ScriptCache::StoreOutcome::other_stored)
    stored.entry->last_used.store(now_, std::memory_order_relaxed);  // SC-STA-07
  // Another worker's copy of another version is not what this request found (GU-IDN-03).
  if (stored.entry->timestamp.load(std::memory_order_relaxed) == timestamp) use.script = stored.entry->script;
  return use;
}

// Who runs a script waits for nobody for this (SC-LCK-03).
void ScriptCacheClient::keep_linked(const php::LinkedClass& linked) {
  if (!lasts(linked.type) || cache_->is_pending() || cache_->is_full()) return;
  const auto writing = this->writing();
  const auto guard = cache_->try_lock_for_writing();
  if (!guard || !*guard || cache_->is_pending()) return;
  if (find_linked(*linked.type, linked.ancestry) == nullptr) cache_->keep_linked(linked);
}

// A file of the file cache for a source that is there (SC-FIL-14), once in a request; nothing without one.
const LoadedScript* ScriptCacheClient::load(const std::string& resolved_path, const std::optional<FileStatus>& status) {
  if (files_ == nullptr || !status) return nullptr;
  const std::int64_t timestamp = settings_.validate_timestamps ? status->modification_time : 0;
  const auto known = from_files_.find({resolved_path, timestamp});
  if (known != from_files_.end()) return known->second;
  auto loaded = files_->load(resolved_path, settings_.validate_timestamps ? &timestamp : nullptr);
  if (!loaded) return nullptr;
  loaded_.push_back(std::move(loaded));
  return from_files_[{resolved_path, timestamp}] = loaded_.back().get();
}

// SC-FIL-08. What runs goes on.
void ScriptCacheClient::forget_file(const std::string& resolved_path) {
  if (files_ == nullptr) return;
  files_->remove(resolved_path);
  std::erase_if(from_files_, [&](const auto& known) { return known.first.first == resolved_path; });
}

void ScriptCacheClient::count_blacklist_miss() {
  if (cache_ != nullptr && (!cache_->is_pending() || files_ != nullptr)) cache_->count_blacklist_miss();
}

bool ScriptCacheClient::may_be_stored(const std::string& resolved_path, const std::optional<FileStatus>& status,
                                      SourceFile& file) {
  if (file.is_excluded(resolved_path)) {  // SC-EXC-03
    count_blacklist_miss();
    return false;
  }
  const std::int64_t protection = settings_.file_update_protection;
  const std::int64_t largest = settings_.max_file_size;
  const bool time_matters = settings_.validate_timestamps || protection > 0 || largest > 0;
  if (time_matters && (!status || status->modification_time == 0)) return false;      // SC-VAL-09
  if (protection > 0 && status->modification_time > now_ - protection) return false;  // SC-VAL-08
  if (largest <= 0 || status->size <= static_cast<std::uint64_t>(largest)) return true;
  count_blacklist_miss();  // SC-EXC-05
  return false;
}

}  // namespace assay::reference
