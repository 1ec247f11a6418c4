#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "faults/points/worker.h"
#include "reference/php/interpreter/interpreter.h"
#include "reference/realpath_cache/path_operations.h"
#include "reference/script_cache/script_cache_client.h"
#include "reference/server/cached_loader.h"
#include "reference/server/kept_links.h"
#include "reference/server/kept_statics.h"
#include "reference/server/request_files.h"
#include "reference/server/server.h"
#include "reference/static_cache/reservation_table.h"

namespace assay::reference {

// One worker: serves one request at a time and owns one realpath cache (RP-LIFE-01). Everything that belongs to a
// worker is a member of it. Made after the fork, in the process (or thread) that serves.
class Worker {
 public:
  // `settings` are those of the worker's pool, and `partition` is the name of its scope of the static cache, which it has
  // from its beginning to its end (ST-PAR-02); `server` must outlive it; `number` is its name for fault plans.
  Worker(Server& server, Settings settings, SystemFileSystem::WorkingDirectoryOwner directory_owner, int number,
         const std::string& partition = "");
  ~Worker();

  // A request begins in the given folder: its start time is fixed, its settings are those of the pool again. A pending
  // restart may be performed; after one the realpath cache starts empty (RP-LIFE-06). The path of a main script, as a web
  // server made it up, is looked for before that (SC-RST-18); serve() runs it.
  void begin_request(const std::string& working_directory, const std::string& main_path = "");
  void end_request();

  // Includes a file as the main script would. The result says whether it ran to its end.
  php::RunResult include(php::IncludeKind kind, const std::string& path);
  // Runs the main script with which the request began (RP-LIFE-08, SC-KEY-09), under the settings of a .user.ini in its
  // folder: the whole of the request between begin_request(), in that folder, and end_request(). What it printed and
  // reported is in request(). The status is that of the response: 404 where there is no such script.
  struct Served {
    int status = 200;
    std::string not_found;  // the page in the place of a missing script,
    std::string reason;     // and what the log of the web server gets
  };
  Served serve();
  // opcache_compile_file (SC-API-07 to -09). What it reports goes to the request's diagnostics.
  struct CompileResult {
    bool compiled = false;
    std::optional<php::Diagnostic> parse_error;  // to be thrown
  };
  CompileResult compile_file(const std::string& path);
  // Also what the static cache keeps of the classes that the script declares (ST-ATT-20).
  Expected<bool> invalidate(const std::string& path, bool force);
  // `including_directory`: of the script that asks (SC-KEY-03).
  Expected<bool> is_cached(const std::string& path, std::string_view including_directory = {});
  // opcache_reset: schedules a restart of the script cache and empties the static cache at once (ST-RST-01, ST-RST-02);
  // where it is refused, neither (ST-RST-04).
  Expected<bool> reset();

  // Whether opcache.restrict_api lets this request use what it restricts: it goes by the path of the main script (SC-API-13,
  // ST-AVL-11).
  bool may_use_api() const;

  // A directive of the running request (SC-SIZ-06): the old text, or nothing where it cannot be changed.
  std::optional<std::string> change_setting(const std::string& name, const std::string& text);
  std::optional<std::string> setting_text(const std::string& name) const;

  Server& server() { return server_; }
  PathOperations& paths() { return *paths_; }
  RequestFiles& files() { return request_files_; }
  ScriptCacheClient& scripts() { return scripts_; }
  Prototypes& prototypes(Backend backend) { return prototypes_[static_cast<std::size_t>(backend)]; }
  ReservationHolder& reservations(Backend backend) { return reservations_[static_cast<std::size_t>(backend)]; }
  php::RequestContext& request() { return *request_; }
  KeptStatics& statics() { return *statics_; }
  Partition& partition() { return partition_; }
  // Whether a class of this name, in any case, is there already; nobody is asked to load it.
  bool has_class(std::string_view name) const;
  // Of the running request.
  php::Machine& machine() { return interpreter().machine(); }
  const Settings& request_settings() { return scripts_.settings(); }
  // A lock was refused in the middle of a request, which ends there (SC-LCK-07).
  void abandon(Error error) { loader_->abandon(std::move(error)); }
  const std::optional<Error>& lock_failure() const { return loader_->lock_failure(); }
  const IncludeContext include_context() const { return {split_include_path(include_path()), ""}; }
  const Blacklist& blacklist() const { return server_.blacklist(); }
  std::int64_t request_time() const { return request_time_; }
  const points::WorkerContext& context() const { return context_; }

 private:
  php::RunResult noted(php::RunResult result);
  void run_shutdown_functions();
  void destruct_all();
  void read_user_ini(const std::string& directory);
  Expected<void> forget_statics_of(const php::Script& script);
  // Made when the first script runs: most requests for data run none.
  php::Interpreter& interpreter();
  SystemResult<void> open_main(const std::string& path, const std::string& resolved);
  void report_failure(php::LoadResult& loaded, const std::string& path);
  const std::string& include_path() const { return scripts_.settings().include_path; }

  Server& server_;
  Partition& partition_;
  points::WorkerContext context_;
  Settings settings_;
  std::int64_t request_time_ = 0;
  bool has_failed_ = false;      // the request, with a fatal error
  std::string main_path_;        // as the request gave it; empty where it has no main script
  std::string resolved_main_;    // its path as it is found when the request begins; empty where nothing is
  std::string start_directory_;  // where requests begin that cannot begin in their own folder (DP-33)
  SystemFileSystem files_;
  RealpathCache realpath_cache_;
  std::unique_ptr<PathOperations> paths_;
  ScriptCacheClient scripts_;
  std::array<ReservationHolder, kBackends> reservations_;
  std::array<Prototypes, kBackends> prototypes_;
  RequestFiles request_files_;
  KeptLinks links_;
  std::unique_ptr<const php::Compiler> compiler_;
  std::unique_ptr<php::RequestContext> request_;
  std::optional<KeptStatics> statics_;
  std::unique_ptr<CachedLoader> loader_;
  std::unique_ptr<php::Interpreter> interpreter_;
};

}  // namespace assay::reference
