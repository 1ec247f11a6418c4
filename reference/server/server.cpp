#include "reference/server/server.h"

#include <unistd.h>

#include <fstream>

#include "faults/points/clock.h"
#include "reference/php/interpreter/late_prelude.h"
#include "reference/php/library/standard_functions.h"
#include "reference/server/preload_run.h"
#include "reference/server/script_cache_functions.h"
#include "reference/server/static_cache_classes.h"

namespace assay::reference {
namespace {

// What every server has before it preloads; made once.
const php::Builtins& builtins_of_all() {
  static const std::unique_ptr<php::Builtins> made = [] {
    auto builtins = php::standard_builtins();
    add_static_cache_classes(*builtins);
    add_script_cache_functions(*builtins);
    return builtins;
  }();
  return *made;
}

}  // namespace

Expected<std::unique_ptr<Server>> Server::start(const std::map<std::string, std::string>& directives,
                                                const Options& options) {
  std::unique_ptr<Server> server(new Server);
  ParsedSettings parsed = parse_settings(directives);
  server->settings_ = std::move(parsed.settings);
  server->warnings_ = std::move(parsed.warnings);
  std::map<std::string, bool> partitions = options.partitions;
  partitions.emplace("", false);
  for (const auto& [name, is_refused] : partitions)
    server->partitions_.emplace(name, Partition::start(server->settings_, options.lock_directory, is_refused));
  ASSAY_TRY(server->start_file_cache());
  if (server->settings_.enable && !server->settings_.file_cache_only) {
    // The lock file goes where the directive says; without one, to the folder of this runtime.
    Settings settings = server->settings_;
    if (!directives.contains("opcache.lockfile_path")) settings.lockfile_path = options.lock_directory;
    server->script_cache_ = ASSAY_TRY(ScriptCache::create(settings, options.start_time));
  }
  server->read_blacklist();
  prepare();
  server->builtins_ = std::make_unique<php::Builtins>(builtins_of_all());
  const auto error_log = directives.find("error_log");
  ASSAY_TRY(server->preload(error_log == directives.end() ? "" : error_log->second));
  if (server->script_cache_ && server->settings_.protect_memory) ASSAY_TRY(server->script_cache_->protect());
  return server;
}

Server::~Server() = default;

void Server::prepare() {
  for (const php::LatePrelude* prelude : builtins_of_all().late_preludes()) (void)prelude->script();
}

// An unusable directory is as none (SC-FIL-01), unless there would be no cache at all then (SC-FIL-10).
Expected<void> Server::start_file_cache() {
  if (!settings_.enable) return {};
  file_cache_ = FileCache::open(settings_, Log(settings_));
  if (!file_cache_ && settings_.file_cache_only)
    return failure(
        "opcache.file_cache_only is set without a proper setting of opcache.file_cache: name an absolute, "
        "accessible directory");
  if (!file_cache_) settings_.file_cache.clear();
  return {};
}

// PL-CFG-01, PL-CFG-02, PL-CFG-09; what is said goes to the log of errors as well (PL-ERR-08).
Expected<void> Server::preload(const std::string& error_log) {
  if (settings_.preload.empty() || !settings_.enable) return {};
  if (!script_cache_) {
    Log(settings_).write(LogLevel::warning, "Preloading doesn't work in \"file_cache_only\" mode");
    return {};
  }
  if (::geteuid() != 0 && !settings_.preload_user.empty()) warnings_.push_back({"opcache.preload_user", "is ignored"});
  PreloadRun run = ASSAY_TRY(run_preload(settings_, *script_cache_, *builtins_));
  preloaded_ = std::move(run.preloaded);
  preloading_said_ = std::move(run.said);
  if (error_log.empty() || run.messages.empty()) return {};
  std::ofstream log(error_log, std::ios::app);
  for (const std::string& message : run.messages) log << message << '\n';
  return {};
}

void Server::read_blacklist() {
  if (!settings_.enable || settings_.blacklist_filename.empty()) return;
  blacklist_ = Blacklist::read(settings_.blacklist_filename);
  if (blacklist_.lists() == 0)
    Log(settings_).write(LogLevel::warning, "No blacklist file found matching: " + settings_.blacklist_filename);
}

std::int64_t wall_clock_seconds() {
  return points::realtime_ns() / 1'000'000'000;
}

}  // namespace assay::reference
