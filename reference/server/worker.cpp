#include "reference/server/worker.h"

#include "faults/points/point.h"
#include "reference/php/compiler/declared_classes.h"
#include "reference/php/compiler/opaque_compiler.h"
#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/streams/streams.h"

namespace assay::reference {
namespace {

using points::point;

RealpathCache::Settings realpath_settings(const Settings& settings) {
  // RP-INI-03: a restriction from the start switches the cache off.
  return {settings.open_basedir.empty() ? settings.realpath_cache_size_bytes : 0, settings.realpath_cache_ttl};
}

std::unique_ptr<const php::Compiler> compiler_for(const Settings& settings) {
  if (settings.opaque_scripts) return std::make_unique<php::OpaqueCompiler>();
  return std::make_unique<php::SubsetCompiler>();
}

// What only the whole runtime can have is what it has, whatever a pool says (GU-SYS-02).
Settings with_those_of_the_runtime(Settings settings, const Settings& runtime) {
  settings.memory_consumption_bytes = runtime.memory_consumption_bytes;
  settings.interned_strings_buffer_bytes = runtime.interned_strings_buffer_bytes;
  settings.max_accelerated_files = runtime.max_accelerated_files;
  settings.max_wasted_percentage = runtime.max_wasted_percentage;
  return settings;
}

}  // namespace

Worker::Worker(Server& server, Settings settings, SystemFileSystem::WorkingDirectoryOwner directory_owner, int number,
               const std::string& partition)
    : server_(server),
      partition_(server.partition(partition)),
      context_{number},
      settings_(with_those_of_the_runtime(std::move(settings), server.settings())),
      files_(directory_owner, context_),
      realpath_cache_(realpath_settings(settings_)),
      paths_(std::make_unique<PathOperations>(files_, realpath_cache_, wall_clock_seconds)),
      scripts_(server.script_cache(), settings_, server.file_cache()),
      request_files_(*this, *paths_, scripts_),
      links_(scripts_),
      compiler_(compiler_for(settings_)) {
  settings_.file_cache = server.settings().file_cache;
}

Worker::~Worker() = default;

void Worker::begin_request(const std::string& working_directory, const std::string& main_path) {
  point(context_, "process/request/begin");
  request_time_ = wall_clock_seconds();
  main_path_ = main_path;
  has_failed_ = false;
  if (start_directory_.empty()) start_directory_ = files_.working_directory().value_or("/");
  if (!files_.change_working_directory(working_directory)) (void)files_.change_working_directory(start_directory_);
  resolved_main_ = main_path_.empty() ? "" : paths_->realpath(main_path_).value_or("");
  if (scripts_.begin_request(request_time_)) {
    realpath_cache_.clear();
    // It was known, and is resolved anew (SC-RST-18).
    if (!resolved_main_.empty()) resolved_main_ = paths_->realpath(main_path_).value_or(main_path_);
  }
  request_ = std::make_unique<php::RequestContext>();
  request_->host = &request_files_;
  request_->linked_classes = &links_;
  request_->streams = &php::all_streams();
  statics_.emplace(*this);
  request_->statics_keeper = &*statics_;
  const auto check = [this](const php::Script& script) {
    return php::redeclaration(script, *request_, server_.builtins());
  };
  loader_ = std::make_unique<CachedLoader>(scripts_, *paths_, *compiler_, check, server_.blacklist(), include_path());
}

php::Interpreter& Worker::interpreter() {
  if (!interpreter_) interpreter_ = std::make_unique<php::Interpreter>(*request_, server_.builtins(), *loader_);
  return *interpreter_;
}

// What the request holds is let go before its registration ends: a restart may come right after (SC-LCK-02).
void Worker::end_request() {
  run_shutdown_functions();
  destruct_all();
  if (statics_ && statics_->is_used()) {
    (void)machine().guarded([this] {
      statics_->publish_tracked(machine());
      return Value();
    });
  }
  statics_.reset();
  interpreter_.reset();
  loader_.reset();
  request_.reset();
  for (ReservationHolder& holder : reservations_) holder.end_request();
  scripts_.end_request();
  point(context_, "process/request/end");
}

void Worker::run_shutdown_functions() {
  if (interpreter_) interpreter_->run_shutdown_functions();
}

php::RunResult Worker::include(php::IncludeKind kind, const std::string& path) {
  return noted(interpreter().include(kind, path));
}

php::RunResult Worker::noted(php::RunResult result) {
  const bool is_caught_by_caller = result.error && !result.error->class_name.empty();
  has_failed_ = has_failed_ || (result.error && !is_caught_by_caller);
  return result;
}

// After a fatal error nothing is destroyed in order.
void Worker::destruct_all() {
  if (!interpreter_ || has_failed_) return;
  (void)machine().guarded([this] {
    machine().destruct_all();
    return Value();
  });
}

Worker::CompileResult Worker::compile_file(const std::string& path) {
  const auto failed = [&](const std::string& why) {
    request_->report({php::Severity::warning, why, "", 0});
    return CompileResult{};
  };
  if (!scripts_.is_started()) {  // SC-SEG-09
    request_->report({php::Severity::notice, "Zend OPcache has not been properly started, can't compile file", "", 0});
    return {};
  }
  php::LoadResult loaded = loader_->compile(path);
  if (loader_->take_lock_failure()) return failed("Zend OPcache could not compile file " + path);  // SC-LCK-07
  for (php::Diagnostic& warning : loaded.warnings) request_->report(std::move(warning));
  if (loaded.error && loaded.error->severity == php::Severity::parse) return {false, loaded.error};
  if (loaded.error) {
    request_->report(*loaded.error);
    return failed("Zend OPcache could not compile file " + path);
  }
  if (!loaded.script) return {};
  if (auto redeclared = interpreter().declare_functions(*loaded.script)) {
    request_->report(*redeclared);
    return failed("Zend OPcache could not compile file " + path);
  }
  return {true, std::nullopt};
}

Expected<bool> Worker::invalidate(const std::string& path, bool force) {
  const std::string directory = paths_->getcwd().value_or("");
  const ScriptName name{path, directory, include_path(), {}, false};
  ScriptFile file = loader_->file(name);
  const php::Script* invalidated = nullptr;
  const bool done = ASSAY_TRY(scripts_.invalidate(name, file, force, &invalidated));
  if (invalidated != nullptr) ASSAY_TRY(forget_statics_of(*invalidated));
  return done;
}

Expected<void> Worker::forget_statics_of(const php::Script& script) {
  const std::vector<std::string> names = php::declared_classes(script);
  for (const Backend backend : {Backend::volatile_, Backend::pinned}) {
    StaticCache* cache = partition_.cache(backend);
    if (cache == nullptr) continue;
    ASSAY_TRY(cache->remove_classes(names));
    statics_->suppress(backend);
  }
  return {};
}

bool Worker::has_class(std::string_view name) const {
  const std::string key = php::lower(name);
  return request_->classes.contains(key) || server_.builtins().find_class(key) != nullptr;
}

Expected<bool> Worker::is_cached(const std::string& path, std::string_view including_directory) {
  const std::string directory = paths_->getcwd().value_or("");
  const ScriptName name{path, directory, include_path(), including_directory, false};
  ScriptFile file = loader_->file(name);
  return scripts_.is_cached(name, file);
}

Expected<bool> Worker::reset() {
  auto scheduled = scripts_.reset();
  if (!scheduled || !*scheduled) return scheduled;
  for (const Backend backend : {Backend::volatile_, Backend::pinned}) {
    if (StaticCache* cache = partition_.cache(backend)) ASSAY_TRY(cache->clear(&reservations(backend)));
    statics_->suppress(backend);
  }
  return true;
}

bool Worker::may_use_api() const {
  return main_path_.starts_with(scripts_.settings().restrict_api);
}

std::optional<std::string> Worker::change_setting(const std::string& name, const std::string& text) {
  return change_at_run_time(scripts_.settings(), name, text);
}

std::optional<std::string> Worker::setting_text(const std::string& name) const {
  return text_of_setting(scripts_.settings(), name);
}

}  // namespace assay::reference
