#include "reference/server/preload_run.h"

#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/server/path_host.h"
#include "reference/server/preload_loader.h"
#include "reference/server/preload_outcome.h"
#include "reference/server/server.h"
#include "reference/server/user_account.h"

namespace assay::reference {
namespace {

// The files and settings that the preload script reaches.
class PreloadHost final : public PathHost {
 public:
  PreloadHost(PathOperations& paths, const Settings& settings) : PathHost(paths), settings_(settings) {}

  std::optional<std::string> setting(const std::string& name) override { return text_of_setting(settings_, name); }

 private:
  const Settings& settings_;
};

class Preloading {
 public:
  Preloading(const Settings& settings, ScriptCache& cache)
      : settings_(settings),
        cache_(cache),
        realpath_cache_({settings.realpath_cache_size_bytes, settings.realpath_cache_ttl}),
        paths_(files_, realpath_cache_, wall_clock_seconds),
        host_(paths_, settings),
        builtins_(php::standard_builtins()),
        loader_(paths_, cache, settings, context_, *builtins_) {
    context_.host = &host_;
    context_.display.display_errors = true;
    builtins_->add("opcache_compile_file", 1, 1, [this](php::BuiltinCall& call) { return compile(call); });
    // To the preload script the cache is off (PL-CFG-11).
    const auto is_off = [](php::BuiltinCall&) -> php::BuiltinResult { return Value(false); };
    for (const char* name : {"opcache_reset", "opcache_invalidate", "opcache_is_script_cached"})
      builtins_->add(name, 0, php::Builtins::kAny, is_off);
    builtins_->add("opcache_get_status", 0, 1, [](php::BuiltinCall&) -> php::BuiltinResult {
      Array report;
      report.set("opcache_enabled", false);
      return Value(std::move(report));
    });
  }

  Expected<PreloadOutcome> run() {
    interpreter_.emplace(context_, *builtins_, loader_);
    const php::RunResult result = interpreter_->include(php::IncludeKind::require, settings_.preload);
    if (result.error || result.exited) return failed();
    for (const php::RuntimeClass* type : context_.class_order) keep(*type->data);
    link_compiled();
    const ScriptEntry* all = loader_.store_empty("$PRELOAD$");
    if (all == nullptr) return failed();
    {
      const auto guard = ASSAY_TRY(cache_.lock_for_writing());
      if (!cache_.keep()) return failed();
    }
    outcome_.functions = declared_functions();
    refuse_conditionals_of_compiled();
    run_.preloaded.memory_consumption = all->memory_consumption;
    for (const php::FunctionData* each : outcome_.functions) run_.preloaded.functions.emplace_back(each->name->view());
    for (const php::Script* each : loader_.scripts()) run_.preloaded.scripts.emplace_back(each->path->view());
    run_.said = context_.output;
    for (const php::Diagnostic& each : context_.diagnostics)
      run_.messages.push_back("PHP Warning:  " + each.message + " in " + each.file + " on line " +
                              std::to_string(each.line));
    return std::move(outcome_);
  }

 private:
  tl::unexpected<Error> failed() const {
    std::string said = context_.output;
    if (loader_.no_room()) said += "\nFatal Error Not enough room for preloading; raise " + *loader_.no_room();
    return failure("the preload script failed, so the server does not start: " + said, preloading_failed);
  }

  // Compiles, and declares functions at once: two of one name end the run (PL-LNK-08).
  php::BuiltinResult compile(php::BuiltinCall& call) {
    const auto path = ASSAY_TRY(php::string_argument(call, 0, "filename"));
    php::LoadResult loaded = loader_.compile(path);
    for (const php::Diagnostic& warning : loaded.warnings) call.report(warning.severity, warning.message);
    if (loaded.error && !loaded.thrown_class.empty())
      return tl::unexpected(php::BuiltinError{loaded.thrown_class, loaded.error->message + in(*loaded.error), nullptr});
    if (loaded.error) call.machine.fatal_at(loaded.error->message, loaded.error->file, loaded.error->line);
    if (loaded.script == nullptr) return Value(false);
    if (const auto taken = call.machine.declare_functions(*loaded.script))
      call.machine.fatal_at(taken->message, taken->file, taken->line);
    compiled_.push_back(loaded.script);
    return Value(true);
  }
  static std::string in(const php::Diagnostic& said) {
    return said.file.empty() ? "" : " in " + said.file + " on line " + std::to_string(said.line);
  }

  void keep(const php::ClassData& type) {
    run_.preloaded.classes.emplace_back(type.name->view());
    outcome_.classes.push_back(&type);
  }

  // A class is linked when all that it needs is there: again and again, until no further one can be (PL-LNK-02).
  void link_compiled() {
    std::vector<const php::ClassData*> waiting;
    for (const php::Script* script : compiled_)
      for (const php::ClassData* type : script->classes) waiting.push_back(type);
    for (std::size_t before = waiting.size() + 1; waiting.size() < before;) {
      before = waiting.size();
      std::erase_if(waiting, [this](const php::ClassData* type) { return try_to_link(*type); });
    }
    for (const php::ClassData* type : waiting) {
      run_.preloaded.classes.emplace_back(type->name->view());
      warn(*type, "Can't preload unlinked class " + name_of(*type) + ": " + missing_of(*type));
    }
  }

  bool try_to_link(const php::ClassData& type) {
    php::Machine& machine = interpreter_->machine();
    if (machine.find_class(type.name->view(), false) != nullptr) {
      warn(type, "Can't preload already declared class " + name_of(type));
      return true;
    }
    if (!missing_of(type).empty()) return false;
    const auto said = context_.diagnostics.size();
    const auto shown = context_.output.size();
    const php::RunResult result = machine.guarded([&] {
      machine.declare_class(type);
      return Value();
    });
    if (!result.error) {
      keep(type);
      return true;
    }
    context_.diagnostics.resize(said);
    context_.output.resize(shown);
    run_.preloaded.classes.emplace_back(type.name->view());
    warn(type, "Can't preload unlinked class " + name_of(type) + ": " + result.error->message);
    return true;
  }

  // What it needs and is not there; empty: nothing.
  std::string missing_of(const php::ClassData& type) {
    const auto is_there = [&](const StringData* name) {
      return interpreter_->machine().find_class(name->view(), false) != nullptr;
    };
    if (type.parent != nullptr && !is_there(type.parent)) return "Unknown parent " + std::string(type.parent->view());
    for (const StringData* each : type.interfaces)
      if (!is_there(each)) return "Unknown interface " + std::string(each->view());
    for (const StringData* each : type.traits)
      if (!is_there(each)) return "Unknown trait " + std::string(each->view());
    return "";
  }

  void warn(const php::ClassData& type, std::string message) {
    context_.report({php::Severity::warning, std::move(message), std::string(type.file->view()), type.line});
  }
  static std::string name_of(const php::ClassData& type) { return std::string(type.name->view()); }

  // Those of scripts; the others are there in every request.
  std::vector<const php::FunctionData*> declared_functions() const {
    std::vector<const php::FunctionData*> found;
    for (const auto& [name, function] : context_.functions)
      if (function->file != nullptr && !function->file->view().empty()) found.push_back(function);
    std::sort(found.begin(), found.end(),
              [](const auto* a, const auto* b) { return a->name->view() < b->name->view(); });
    return found;
  }

  // A conditional declaration of a file that was compiled, too, was made by running the file.
  void refuse_conditionals_of_compiled() {
    std::unordered_set<std::string> compiled;
    std::unordered_set<const void*> top_level;
    for (const php::Script* script : compiled_) {
      compiled.emplace(script->path->view());
      top_level.insert(script->classes.begin(), script->classes.end());
      top_level.insert(script->functions.begin(), script->functions.end());
    }
    const auto refuse = [&](const auto* data) {
      if (compiled.contains(std::string(data->file->view())) && !top_level.contains(data))
        outcome_.refused.push_back(data);
    };
    std::for_each(outcome_.functions.begin(), outcome_.functions.end(), refuse);
    std::for_each(outcome_.classes.begin(), outcome_.classes.end(), refuse);
  }

  const Settings& settings_;
  ScriptCache& cache_;
  SystemFileSystem files_{SystemFileSystem::WorkingDirectoryOwner::object, points::WorkerContext{}};
  RealpathCache realpath_cache_;
  PathOperations paths_;
  PreloadHost host_;
  const std::unique_ptr<php::Builtins> builtins_;
  php::RequestContext context_;
  PreloadLoader loader_;
  std::optional<php::Interpreter> interpreter_;
  std::vector<const php::Script*> compiled_;
  PreloadOutcome outcome_;
  PreloadRun& run_ = outcome_.run;
};

}  // namespace

namespace {

// Who the script runs as: nobody else, where that is who runs (PL-CFG-04 to -07).
Expected<std::optional<UserAccount>> user_of(const Settings& settings) {
  if (::geteuid() != 0) return std::nullopt;
  if (settings.preload_user.empty())
    return failure("opcache.preload_user is empty, and the server starts as root: name the user of the preload script");
  auto account = find_account(settings.preload_user);
  if (!account) return failure("opcache.preload_user: " + account.error().message);
  return account->user == 0 ? std::nullopt : std::optional(std::move(*account));
}

}  // namespace

Expected<PreloadRun> run_preload(const Settings& settings, ScriptCache& cache, php::Builtins& builtins) {
  const auto user = ASSAY_TRY(user_of(settings));
  const auto run = [&] { return Preloading(settings, cache).run(); };
  if (!user) {
    auto outcome = ASSAY_TRY(run());
    outcome.apply(builtins);
    return std::move(outcome.run);
  }
  const auto bytes = run_as(*user, [&run] { return to_bytes(run()); });
  if (!bytes) return failure("the preload script did not run: " + bytes.error().message, preloading_failed);
  auto outcome = ASSAY_TRY(outcome_from_bytes(*bytes));
  outcome.apply(builtins);
  return std::move(outcome.run);
}

}  // namespace assay::reference
