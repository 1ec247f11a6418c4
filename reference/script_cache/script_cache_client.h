#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/config/settings.h"
#include "reference/file_cache/file_cache.h"
#include "reference/script_cache/script_cache.h"

namespace assay::reference {

// What a use of a script came to.
struct ScriptUse {
  enum class Kind {
    missing,    // there is no such file, or no permission: fail as without cache
    forbidden,  // it is cached, and may not be read (SC-SEC-01): nobody tried to open it
    failed,     // it did not compile; the SourceFile knows why
    hit,        // from the cache, in memory or in a file
    compiled,   // compiled now; stored or not
  };
  Kind kind = Kind::missing;
  // What to run. In the segment, or out of a file, it stays as it is until the request ends (GU-VAL-06); else it is the
  // SourceFile's.
  const php::Script* script = nullptr;
};

// What a once-include is about to run.
struct OnceScript {
  std::string path;    // resolved once
  std::string opened;  // resolved once more, by what is there now (RP-USE-07); of a cached one the path that led to it
  // cached: it has a valid entry; found: by its name, and opened; opened: in the working directory, by its name alone.
  enum class Kind { cached, found, opened } kind;
};

// One worker's part of the script cache: its requests, each with what it may do, fixed at its start (SC-RST-22).
//
// A member of the worker, used by one thread. Requests do not nest. After fork() the child is not covered by the parent's
// registration: it may go on with the request after continue_in_child(), while the parent waits for that (GU-SYS-04).
//
// Errors are failures of the write lock: the operation did not happen, and PHP abandons the request (SC-LCK-07).
class ScriptCacheClient {
 public:
  // Made in the process that serves, where its root directory is what it will be (SC-SEC-02). All must outlive the
  // client. A null cache is one that is not started (SC-SEG-09), or has no memory (SC-FIL-10);
  // without files there is no second tier.
  ScriptCacheClient(ScriptCache* cache, const Settings& settings, const FileCache* files = nullptr)
      : cache_(cache), files_(files), runtime_settings_(&settings), log_(settings) {
    if (cache_ != nullptr && settings.validate_root) root_ = cache_->mark_of_root();
  }
  ~ScriptCacheClient() { end_request(); }
  ScriptCacheClient(const ScriptCacheClient&) = delete;
  ScriptCacheClient& operator=(const ScriptCacheClient&) = delete;

  // Begins a request at `now` (whole seconds; frozen for the request, SC-VAL-04); performs a pending restart if nobody
  // is in its way (SC-RST-11). True when the cache was restarted since this worker's last request: the worker then has
  // to empty its realpath cache (SC-RST-18).
  bool begin_request(std::int64_t now);
  // In a forked child of a worker, in the middle of a request: registers the child for what the request was served. False
  // where that cannot be had; the child has to end then.
  bool continue_in_child() {
    const auto writing = this->writing();
    return !served_generation_ || can_serve();
  }
  // When the request is over for good, not when its response was sent (SC-RST-23).
  void end_request();

  // This request's settings; a script may change some (SC-SIZ-06).
  Settings& settings() { return settings_; }
  const Settings& settings() const { return settings_; }

  // Whether there is a cache at all, in memory or in files.
  bool is_started() const { return cache_ != nullptr || files_ != nullptr; }
  // opcache_enabled, as this request sees it.
  bool is_usable() const { return cache_ != nullptr && usable_ && settings_.enable; }

  // ---- uses of scripts ----
  Expected<ScriptUse> use(const ScriptName& name, SourceFile& file);
  // Whether a script of this name may have to do with the cache at all (SC-KEY-15); one that may not is compiled alone.
  static bool is_candidate(std::string_view spelling);
  static ScriptUse compile(const std::string& path, SourceFile& file);
  // Whether a lookup of the main script would find a valid entry, fresh or not: then nobody opens its file first
  // (DP-12).
  bool holds(const ScriptName& name, const std::string& resolved_path);
  // For the once forms: the resolved path, which is then asked for by use_resolved() (by use() where it was only opened)
  // unless the request has included it already (SC-KEY-10). Nothing: there is no such file.
  Expected<std::optional<OnceScript>> resolve_once(const ScriptName& name, SourceFile& file);
  Expected<ScriptUse> use_resolved(const std::string& once_resolved, SourceFile& file);

  // ---- linked classes (SC-PER-10) ----
  // Whether a part of a graph is in the memory that this request is served from.
  bool lasts(const void* data) const { return usage_ && cache_->contains(data); }
  const php::LinkedClass* find_linked(const php::ClassData& type,
                                      const php::List<const php::ClassData*>& ancestry) const {
    return lasts(&type) ? cache_->find_linked(type, ancestry) : nullptr;
  }
  // Nothing happens where another worker kept it meanwhile, or writes now, or there is no room.
  void keep_linked(const php::LinkedClass& linked);

  // ---- control functions ----
  Expected<bool> reset();  // SC-API-01
  // SC-API-02 to -04. `dropped`: the script whose entry became invalid, if one did.
  Expected<bool> invalidate(const ScriptName& name, SourceFile& file, bool force,
                            const php::Script** dropped = nullptr);
  Expected<bool> is_cached(const ScriptName& name, SourceFile& file);  // SC-API-10, SC-VAL-11
  // Nothing when the cache is not started. Scripts are listed only when this request can use the cache (SC-STA-02).
  std::optional<CacheStatus> status(bool with_scripts);

 private:
  enum class Freshness { fresh, changed };

  // For the time of an operation protected memory may be written: by it, and by nobody's script (SC-SEC-04).
  std::optional<Segment::Writing> writing() const {
    if (cache_ == nullptr) return std::nullopt;
    return std::optional<Segment::Writing>(std::in_place, cache_->segment());
  }

  bool can_serve();
  ScriptEntry* find(std::string_view key) const {
    return root_.empty() ? cache_->find(key) : cache_->find(in_root(key));
  }
  std::string in_root(std::string_view key) const { return root_ + std::string(key); }
  bool is_forbidden(std::string_view key, SourceFile& file) const;
  const ScriptEntry* find_valid(std::string_view key) const {
    const ScriptEntry* entry = find(key);
    return entry != nullptr && entry->is_valid() ? entry : nullptr;
  }
  void force_restart() const;
  // The key is the spelling itself, or made in `made`.
  std::optional<std::string_view> key_of(const ScriptName& name, std::string& made) const;
  bool is_fresh_for_now(const ScriptEntry& entry) const;
  Freshness check(ScriptEntry& entry, const ScriptName* name, SourceFile& file) const;
  Freshness compare(const ScriptEntry& entry, const ScriptName* name, SourceFile& file) const;
  Expected<ScriptEntry*> fresh_or_dropped(ScriptEntry* entry, const ScriptName* name, SourceFile& file);
  Expected<ScriptEntry*> find_fresh_at(const std::string& resolved_path, SourceFile& file);
  Expected<void> drop(ScriptEntry& entry);
  bool has_moved(const ScriptEntry& entry, std::string_view key, SourceFile& file) const;
  Expected<ScriptUse> use_without_key(const ScriptName& name, SourceFile& file);
  Expected<void> add_key(std::string_view key, std::string_view resolved_path);
  ScriptUse hit(ScriptEntry& entry);
  ScriptUse run_without_memory(const std::string& resolved_path, SourceFile& file);
  Expected<ScriptUse> compile_and_store(std::string_view key, const std::string& resolved_path, SourceFile& file,
                                        bool asks_files);
  bool may_be_stored(const std::string& resolved_path, const std::optional<FileStatus>& status, SourceFile& file);
  void forget_file(const std::string& resolved_path);
  void count_blacklist_miss();
  const LoadedScript* load(const std::string& resolved_path, const std::optional<FileStatus>& status);
  Expected<ScriptUse> take_into_memory(std::string_view key, const std::string& resolved_path, ScriptUse use,
                                       CacheFileTimes times);

  ScriptCache* cache_;
  const FileCache* files_;
  const Settings* runtime_settings_;
  Log log_;
  std::string root_;  // before each key, where roots are told apart and this is not the cache's own
  Settings settings_;
  std::int64_t now_ = 0;
  std::uint64_t generation_ = 0;  // seen by the latest request
  bool usable_ = false;
  std::optional<UsageGuard> usage_;
  // What this request loaded from files, which may be running: each version once, however often it is asked for.
  std::vector<std::unique_ptr<LoadedScript>> loaded_;
  std::map<std::pair<std::string, std::int64_t>, const LoadedScript*> from_files_;
  // The generation that this request has been served from, once it was.
  std::optional<std::uint64_t> served_generation_;
};

}  // namespace assay::reference
