#include "reference/script_cache/script_cache_client.h"

#include <fmt/format.h>
#include <signal.h>
#include <time.h>

#include "faults/points/point.h"

namespace assay::reference {
namespace {

using points::point;

// Only these can be keys (SC-KEY-15).
bool is_absolute(std::string_view spelling) {
  return spelling.starts_with('/') || spelling.starts_with("file://") || spelling.starts_with("phar://");
}

OnceScript cached_once(const ScriptEntry& entry, std::string found) {
  return {std::string(entry.full_path()), std::move(found), OnceScript::Kind::cached};
}

// Asks a process that holds up a restart to end, then makes it (SC-RST-15). False when the system refuses.
bool end_process(const SegmentLock& lock, pid_t process) {
  constexpr int kTries = 10;
  constexpr timespec kWait{0, 25'000'000};
  for (int i = 0; i < kTries && lock.user_process() == process; ++i) {
    if (point("restart/kill") != 0 || ::kill(process, i == 0 ? SIGTERM : SIGKILL) != 0) return false;
    ::nanosleep(&kWait, nullptr);
  }
  return true;
}

}  // namespace

// ---- requests ----

bool ScriptCacheClient::begin_request(std::int64_t now) {
  const auto writing = this->writing();
  end_request();
  settings_ = *runtime_settings_;
  now_ = now;
  served_generation_.reset();
  usable_ = false;
  if (cache_ == nullptr || !settings_.enable) return false;
  if (generation_ == 0) generation_ = cache_->generation();  // its first request
  if (const auto done = cache_->try_restart(now); done && !*done) force_restart();
  usable_ = !cache_->is_pending() && !cache_->is_restarting();
  if (!usable_) return false;  // the next one learns of the restart (SC-RST-18)
  const std::uint64_t before = generation_;
  generation_ = cache_->generation();
  return before != generation_;
}

void ScriptCacheClient::end_request() {
  const auto writing = this->writing();
  usage_.reset();
  from_files_.clear();
  loaded_.clear();
}

void ScriptCacheClient::force_restart() const {
  const std::int64_t timeout = settings_.force_restart_timeout;
  const PendingRestart pending = cache_->pending();
  if (timeout == 0 || pending.reason == RestartReason::none) return;  // SC-RST-16
  if (timeout > 0 && now_ < pending.scheduled_at + timeout) return;
  constexpr int kMostHolders = 64;
  for (int i = 0; i < kMostHolders; ++i) {
    const auto holder = cache_->lock().user_process();
    // A number that is no process must never reach kill().
    if (!holder || *holder <= 1 || !end_process(cache_->lock(), *holder)) return;
  }
}

// From here to the end of the request no restart takes away what it is served (SC-LCK-02). When that cannot be had the
// script at hand runs from source, and the next one tries again (SC-LCK-08).
bool ScriptCacheClient::can_serve() {
  if (usage_ && usage_->covers_this_process()) return true;
  usage_.reset();
  auto registered = cache_->lock().register_user();
  if (!registered || !*registered || cache_->is_restarting()) return false;
  const std::uint64_t generation = cache_->generation();
  if (served_generation_.value_or(generation) != generation) {
    usable_ = false;  // a child whose parent's generation is gone (GU-IDN-02)
    return false;
  }
  served_generation_ = generation;
  usage_.emplace(std::move(**registered));
  return true;
}

// ---- keys and freshness ----

bool ScriptCacheClient::is_candidate(std::string_view spelling) {
  return is_absolute(spelling) || spelling.find("://") == std::string_view::npos;
}

std::optional<std::string_view> ScriptCacheClient::key_of(const ScriptName& name, std::string& made) const {
  if (is_absolute(name.spelling)) return name.spelling;
  if (!is_candidate(name.spelling)) return std::nullopt;
  if (!settings_.use_cwd) return name.spelling;              // SC-KEY-04
  if (!cache_->has_interned_strings()) return std::nullopt;  // SC-KEY-05
  made = name.spelling;
  for (const std::string_view part : {name.working_directory, name.include_path, name.including_directory}) {
    made.push_back('\0');  // which no path contains
    made.append(part);
  }
  return made;
}

bool ScriptCacheClient::is_fresh_for_now(const ScriptEntry& entry) const {
  const bool has_time = entry.timestamp.load(std::memory_order_relaxed) != 0;  // SC-STA-07
  if (!settings_.validate_timestamps || !has_time) return true;
  return settings_.revalidate_freq > 0 && now_ <= entry.next_check.load(std::memory_order_relaxed);
}

ScriptCacheClient::Freshness ScriptCacheClient::check(ScriptEntry& entry, const ScriptName* name,
                                                      SourceFile& file) const {
  if (is_fresh_for_now(entry)) return Freshness::fresh;
  const std::int64_t frequency = settings_.revalidate_freq;
  const Freshness freshness = compare(entry, name, file);
  if (freshness == Freshness::fresh) {
    point("revalidate/publish");
    entry.next_check.store(now_ + frequency, std::memory_order_relaxed);
  }
  return freshness;
}

// SC-VAL-05, SC-VAL-07. An include also asks which file its name means now, even one that is the resolved path itself:
// a folder may have become a link since (SC-KEY-08); a name that leads nowhere changes nothing. The main script does not
// ask (SC-KEY-09).
ScriptCacheClient::Freshness ScriptCacheClient::compare(const ScriptEntry& entry, const ScriptName* name,
                                                        SourceFile& file) const {
  const std::string path(entry.full_path());
  const bool is_include = name != nullptr && !name->is_main;
  if (const auto found = is_include ? file.find() : std::nullopt; found && *found != path) return Freshness::changed;
  const bool refused = point("revalidate/stat") != 0;
  const auto status = refused ? std::nullopt : file.status(path);
  const std::int64_t time = entry.timestamp.load(std::memory_order_relaxed);
  const bool same = status && time != 0 && status->modification_time == time;
  return same ? Freshness::fresh : Freshness::changed;
}

// The entry if it is valid and passes the check. One that does not pass becomes invalid (SC-VAL-06).
Expected<ScriptEntry*> ScriptCacheClient::fresh_or_dropped(ScriptEntry* entry, const ScriptName* name,
                                                           SourceFile& file) {
  if (entry == nullptr || !entry->is_valid()) return nullptr;
  if (check(*entry, name, file) == Freshness::fresh) return entry;
  if (const auto dropped = drop(*entry); !dropped) return tl::unexpected(dropped.error());
  return nullptr;
}

// A resolved path that is the key of another file's entry was one of its names to another worker: what it is to this one
// is asked of the realpath cache, which had to be asked for it (SC-KEY-18).
Expected<ScriptEntry*> ScriptCacheClient::find_fresh_at(const std::string& resolved_path, SourceFile& file) {
  ScriptEntry* entry = find(resolved_path);
  const bool is_other = entry != nullptr && entry->is_valid() && entry->full_path() != resolved_path;
  if (!is_other || is_fresh_for_now(*entry)) return fresh_or_dropped(entry, nullptr, file);
  if (const auto dropped = drop(*entry); !dropped) return tl::unexpected(dropped.error());
  return nullptr;
}

Expected<void> ScriptCacheClient::drop(ScriptEntry& entry) {
  point("invalidate/begin");
  const auto guard = ASSAY_TRY(cache_->lock_for_writing());
  cache_->invalidate(entry, now_);
  return {};
}

// ---- uses of scripts ----

// SC-SEC-01. Whoever asks for what is not cached learns it when the file is opened.
bool ScriptCacheClient::is_forbidden(std::string_view key, SourceFile& file) const {
  if (!settings_.validate_permission) return false;
  const ScriptEntry* entry = find(key);
  return entry != nullptr && entry->is_valid() && !file.is_there_to_read(std::string(entry->full_path()));
}

Expected<ScriptUse> ScriptCacheClient::use(const ScriptName& name, SourceFile& file) {
  const auto writing = this->writing();
  std::string made;
  const auto key = is_usable() ? key_of(name, made) : std::nullopt;
  if (!key || settings_.revalidate_path || !can_serve()) return use_without_key(name, file);
  if (is_forbidden(*key, file)) return ScriptUse{ScriptUse::Kind::forbidden, nullptr};
  ScriptEntry* const known = find(*key);
  const bool listed = known != nullptr;
  const bool looks_again = !listed || (name.is_main && !known->is_valid());
  const auto entry = ASSAY_TRY(fresh_or_dropped(known, &name, file));
  if (entry != nullptr) return hit(*entry);

  const auto opened = file.resolve();
  const bool is_opened = opened && file.can_be_read(*opened);
  const auto resolved = is_opened || !name.is_main ? opened : file.find();
  // A main script that is cached under its resolved path is not opened (SC-KEY-09).
  if (!is_opened && !(name.is_main && looks_again && resolved && find_valid(*resolved))) {
    if (listed) cache_->count_miss();  // SC-STA-05: gone, or not to be opened, and still listed
    return ScriptUse{};
  }
  // A key whose entry is invalid is compiled without a second look (SC-VAL-06), but for a main script (SC-KEY-09), unless
  // it has just become so.
  if (*resolved != *key && looks_again) {
    if (!listed && find_valid(*resolved) != nullptr)
      if (const auto added = add_key(*key, *resolved); !added) return tl::unexpected(added.error());
    const auto other = ASSAY_TRY(find_fresh_at(*resolved, file));
    if (other != nullptr) return hit(*other);
  }
  if (is_opened) return compile_and_store(*key, *resolved, file, !listed || name.is_main);
  cache_->count_miss();
  return ScriptUse{};
}

// SC-KEY-07: no key is made of the name, so that SC-KEY-05 has no part in it; and the file is opened, cached or not, but
// that of a cached main script.
Expected<ScriptUse> ScriptCacheClient::use_without_key(const ScriptName& name, SourceFile& file) {
  auto resolved = file.resolve();
  if (!resolved && name.is_main) resolved = file.find();
  if (!resolved) return ScriptUse{};
  if (!settings_.revalidate_path || !is_candidate(name.spelling)) return run_without_memory(*resolved, file);
  const bool is_opened = !name.is_main || !is_usable() || find_valid(*resolved) == nullptr;
  return !is_opened || file.can_be_read(*resolved) ? use_resolved(*resolved, file) : ScriptUse{};
}

bool ScriptCacheClient::holds(const ScriptName& name, const std::string& resolved_path) {
  const auto writing = this->writing();
  std::string made;
  const auto key = is_usable() ? key_of(name, made) : std::nullopt;
  if (!key || !can_serve()) return false;
  return (!settings_.revalidate_path && find_valid(*key)) || find_valid(resolved_path);
}

Expected<ScriptUse> ScriptCacheClient::use_resolved(const std::string& once_resolved, SourceFile& file) {
  const auto writing = this->writing();
  if (!is_usable() || !can_serve()) return run_without_memory(file.resolve().value_or(once_resolved), file);
  // SC-KEY-07: no key but the path that the second resolution gives; what is cached is not resolved again.
  const bool resolves_again = settings_.revalidate_path && find_valid(once_resolved) == nullptr;
  const std::string resolved_path = resolves_again ? file.resolve().value_or(once_resolved) : once_resolved;
  if (is_forbidden(resolved_path, file)) return ScriptUse{ScriptUse::Kind::forbidden, nullptr};
  const bool listed = find(resolved_path) != nullptr;
  const auto entry = ASSAY_TRY(find_fresh_at(resolved_path, file));
  if (entry != nullptr) return hit(*entry);
  if (!file.status(resolved_path) || !file.can_be_read(resolved_path)) {
    if (listed) cache_->count_miss();  // SC-STA-05
    return ScriptUse{};
  }
  return compile_and_store(resolved_path, file.resolve().value_or(resolved_path), file, true);
}

Expected<std::optional<OnceScript>> ScriptCacheClient::resolve_once(const ScriptName& name, SourceFile& file) {
  const auto writing = this->writing();
  const bool serves = is_usable() && can_serve();
  std::string made;
  const auto key = serves && !settings_.revalidate_path ? key_of(name, made) : std::nullopt;
  const ScriptEntry* known = key ? find_valid(*key) : nullptr;
  if (known != nullptr && !has_moved(*known, *key, file))
    return cached_once(*known, std::string(known->full_path()));  // what else its key is does not matter
  const auto found = file.find();
  if (const ScriptEntry* entry = found && serves ? find_valid(*found) : nullptr) {
    const bool is_skipped = entry->full_path() != *found && file.was_included(*found);
    if (key && !is_skipped && find(*key) == nullptr)
      if (const auto added = add_key(*key, *found); !added) return tl::unexpected(added.error());
    return cached_once(*entry, *found);
  }
  // Anything else is opened before the cache is asked (RP-USE-07).
  auto opened = file.resolve();
  if (!opened) return std::nullopt;
  if (!found) return OnceScript{*opened, *opened, OnceScript::Kind::opened};
  return OnceScript{*found, std::move(*opened), OnceScript::Kind::found};
}

// The path of the entry itself, which a folder that became a link leads to another file: one file is not run twice by two
// names (GU-VAL-07). Any other key stays that of its entry (DP-10).
bool ScriptCacheClient::has_moved(const ScriptEntry& entry, std::string_view key, SourceFile& file) const {
  if (entry.full_path() != key || is_fresh_for_now(entry)) return false;
  const auto found = file.find();
  return found && *found != key;
}

Expected<void> ScriptCacheClient::add_key(std::string_view key, std::string_view resolved_path) {
  const auto guard = ASSAY_TRY(cache_->lock_for_writing());
  cache_->add_key(in_root(key), in_root(resolved_path), now_);
  return {};
}

ScriptUse ScriptCacheClient::hit(ScriptEntry& entry) {
  cache_->count_hit(entry, now_);
  return {ScriptUse::Kind::hit, entry.script};
}

// ---- control functions ----

Expected<bool> ScriptCacheClient::reset() {
  const auto writing = this->writing();
  if (cache_ == nullptr || !settings_.enable || cache_->is_pending() || cache_->is_restarting()) return false;
  const auto guard = ASSAY_TRY(cache_->lock_for_writing());
  if (cache_->is_pending() || cache_->is_restarting()) return false;
  cache_->schedule_restart(RestartReason::manual, now_);
  return true;
}

Expected<bool> ScriptCacheClient::invalidate(const ScriptName& name, SourceFile& file, bool force,
                                             const php::Script** dropped) {
  const auto writing = this->writing();
  if (!is_usable() || !can_serve()) return false;
  const auto resolved = file.find();
  if (resolved) forget_file(*resolved);
  const std::string key(resolved ? std::string_view(*resolved) : name.spelling);  // SC-API-04: an absolute key
  ScriptEntry* entry = find(key);
  if (entry == nullptr || !entry->is_valid()) return resolved.has_value();
  const bool elsewhere =
      !resolved || entry->full_path() != key;  // the file has gone, or its path is another's key by now
  const bool unconditional = force || !settings_.validate_timestamps || elsewhere;
  if (!unconditional && compare(*entry, nullptr, file) == Freshness::fresh) return true;
  ASSAY_TRY(drop(*entry));
  if (dropped != nullptr) *dropped = entry->script;
  return true;
}

Expected<bool> ScriptCacheClient::is_cached(const ScriptName& name, SourceFile& file) {
  const auto writing = this->writing();
  if (!is_usable()) return false;
  std::string made;
  const auto key = key_of(name, made);
  if (!key || !can_serve()) return false;
  ScriptEntry* entry = find(*key);
  return entry != nullptr && entry->is_valid() && check(*entry, &name, file) == Freshness::fresh;
}

std::optional<CacheStatus> ScriptCacheClient::status(bool with_scripts) {
  const auto writing = this->writing();
  if (cache_ == nullptr) return std::nullopt;
  return cache_->status(with_scripts && is_usable() && can_serve());
}

}  // namespace assay::reference
