#include "conformance/adapters/reference/script_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapters/reference/values.h"
#include "reference/server/static_cache_calls.h"

namespace assay::conformance {
namespace {

using reference::CacheStatus;

Value integer(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

// What the request printed and reported since an earlier moment.
class Mark {
 public:
  explicit Mark(reference::php::RequestContext& request)
      : request_(request), output_(request.output.size()), diagnostics_(request.diagnostics.size()) {}

  Reply complete(Reply reply) const {
    reply.output = request_.output.substr(output_);
    for (std::size_t i = diagnostics_; i < request_.diagnostics.size(); ++i) {
      reply.diagnostics.push_back(text_of(request_.diagnostics[i]));
    }
    return reply;
  }

 private:
  reference::php::RequestContext& request_;
  std::size_t output_, diagnostics_;
};

reference::php::IncludeKind kind_named(const std::string& how) {
  if (how == "include_once") return reference::php::IncludeKind::include_once;
  if (how == "require") return reference::php::IncludeKind::require;
  if (how == "require_once") return reference::php::IncludeKind::require_once;
  return reference::php::IncludeKind::include;
}

// What nobody caught is the reply, and not reported beside it as well.
Reply without_uncaught(Reply reply) {
  if (reply.diagnostics.empty()) return reply;
  const std::string& last = reply.diagnostics.back();
  if (last.starts_with("Fatal error: Uncaught") || last.starts_with("Parse error: ")) reply.diagnostics.pop_back();
  return reply;
}

// An exit and a lock that was refused end the whole request without a reply; a fatal error with one.
Reply include(const Operation& operation, reference::Worker& worker) {
  const Mark mark(worker.request());
  const reference::php::RunResult result = worker.include(kind_named(operation.text("how")), operation.text("path"));
  if (result.exited || worker.lock_failure()) return mark.complete(Reply::not_run());
  if (result.error && result.error->class_name.empty()) return mark.complete(fatal_error(result.error->message));
  if (result.error)
    return without_uncaught(mark.complete(Reply::thrown(result.error->class_name, result.error->message)));
  return mark.complete(Reply::of(from_reference(result.value)));
}

Reply compile_file(const Operation& operation, reference::Worker& worker) {
  const Mark mark(worker.request());
  const auto result = worker.compile_file(operation.text("path"));
  if (result.parse_error) return mark.complete(Reply::thrown("ParseError", result.parse_error->message));
  return mark.complete(Reply::of(result.compiled));
}

Reply truth(const Expected<bool>& result) {
  return result ? Reply::of(*result) : Reply::not_run();
}

Value memory(const CacheStatus& status) {
  return Value::map({{"used_memory", integer(status.memory.used)},
                     {"free_memory", integer(status.memory.free)},
                     {"wasted_memory", integer(status.memory.wasted)},
                     {"current_wasted_percentage", status.wasted_percentage()}});
}

Value interned(const CacheStatus& status) {
  return Value::map({{"buffer_size", integer(status.interned.buffer_size)},
                     {"used_memory", integer(status.interned.used)},
                     {"free_memory", integer(status.interned.free)},
                     {"number_of_strings", integer(status.interned.strings)}});
}

Value statistics(const CacheStatus& status) {
  return Value::map({{"num_cached_scripts", integer(status.cached_scripts)},
                     {"num_cached_keys", integer(status.cached_keys)},
                     {"max_cached_keys", integer(status.max_cached_keys)},
                     {"hits", integer(status.hits)},
                     {"start_time", status.start_time},
                     {"last_restart_time", status.last_restart_time},
                     {"oom_restarts", integer(status.oom_restarts)},
                     {"hash_restarts", integer(status.hash_restarts)},
                     {"manual_restarts", integer(status.manual_restarts)},
                     {"misses", integer(status.misses())},
                     {"blacklist_misses", integer(status.blacklist_misses)},
                     {"blacklist_miss_ratio", status.blacklist_miss_ratio()},
                     {"opcache_hit_rate", status.hit_rate()}});
}

std::string local_time_text(std::int64_t seconds) {
  const time_t time = static_cast<time_t>(seconds);
  tm broken{};
  ::localtime_r(&time, &broken);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &broken));
}

Value listed(const reference::ScriptStatus& entry, bool with_timestamp) {
  Elements elements = {{"full_path", entry.full_path},
                       {"hits", integer(entry.hits)},
                       {"memory_consumption", integer(entry.memory_consumption)},
                       {"last_used", local_time_text(entry.last_used)},
                       {"last_used_timestamp", entry.last_used}};
  if (with_timestamp) elements.emplace_back("timestamp", entry.timestamp);
  return elements;
}

// PL-STA-01: what there is nothing of is left out.
Value preload_statistics(const reference::Preloaded& preloaded) {
  Elements report = {{"memory_consumption", integer(preloaded.memory_consumption)}};
  const auto list = [&](const char* name, const std::vector<std::string>& items) {
    if (!items.empty()) report.emplace_back(name, Value::list({items.begin(), items.end()}));
  };
  list("functions", preloaded.functions);
  list("classes", preloaded.classes);
  list("scripts", preloaded.scripts);
  return report;
}

// SC-STA-01, SC-STA-02.
Reply status(const Operation& operation, reference::Worker& worker) {
  auto& scripts = worker.scripts();
  const auto status = scripts.status(operation.flag("scripts"));
  const std::string& files = scripts.settings().file_cache;
  const bool files_only = !status && !files.empty() && scripts.settings().enable;
  if (!status && !files_only) return Reply::of(false);
  Elements report = {{"opcache_enabled", scripts.is_usable()}};
  if (!files.empty()) report.emplace_back("file_cache", files);
  if (files_only) {  // SC-FIL-10
    report.emplace_back("file_cache_only", true);
    return Reply::of(std::move(report));
  }
  report.emplace_back("cache_full", status->cache_full);
  report.emplace_back("restart_pending", status->restart_pending);
  report.emplace_back("restart_in_progress", status->restart_in_progress);
  report.emplace_back("memory_usage", memory(*status));
  if (status->interned.buffer_size > 0) report.emplace_back("interned_strings_usage", interned(*status));
  report.emplace_back("opcache_statistics", statistics(*status));
  if (const auto* preloaded = worker.server().preloaded())
    report.emplace_back("preload_statistics", preload_statistics(*preloaded));
  for (const auto& [name, backend] : {std::pair("volatile_cache", reference::Backend::volatile_),
                                      std::pair("pinned_cache", reference::Backend::pinned)}) {  // ST-AVL-10
    reference::StaticCacheCalls calls(worker, backend, reference::ScriptObjects::Caller::outside);
    if (const auto info = calls.info()) report.emplace_back(name, from_reference(*info));
  }
  if (status->is_listed) {
    Elements list;
    for (const auto& entry : status->scripts)
      list.emplace_back(entry.full_path, listed(entry, scripts.settings().validate_timestamps));
    report.emplace_back("scripts", std::move(list));
  }
  report.emplace_back("jit", Value::map({{"enabled", false},
                                         {"on", false},
                                         {"kind", 0},
                                         {"opt_level", 0},
                                         {"opt_flags", 0},
                                         {"buffer_size", 0},
                                         {"buffer_free", 0}}));
  return Reply::of(std::move(report));
}

// SC-API-13. Others are not restricted.
std::optional<Reply> restricted(const Operation& operation, reference::Worker& worker) {
  using K = OperationKind;
  constexpr K kinds[] = {K::invalidate, K::reset, K::is_cached, K::script_status, K::script_configuration};
  if (worker.may_use_api() || std::find(std::begin(kinds), std::end(kinds), operation.kind()) == std::end(kinds))
    return std::nullopt;
  Reply refused = Reply::of(false);
  refused.diagnostics.push_back(R"(Warning: Zend OPcache API is restricted by "restrict_api" configuration directive)");
  return refused;
}

Reply configuration(reference::Worker& worker) {
  const auto& patterns = worker.blacklist().patterns();
  Elements directives;
  for (const auto& [name, value] : reference::report_directives(worker.scripts().settings())) {
    directives.emplace_back(name, std::visit([](const auto& v) { return Value(v); }, value));
  }
  return Reply::of(
      Value::map({{"directives", std::move(directives)},
                  {"version", Value::map({{"version", "0.1.0"}, {"opcache_product_name", "Assay reference"}})},
                  {"blacklist", Value::list({patterns.begin(), patterns.end()})}}));
}

Reply included_files(reference::Worker& worker) {
  const auto& files = worker.request().included_files;
  return Reply::of(Value::list({files.begin(), files.end()}));
}

}  // namespace

std::string text_of(const reference::php::Diagnostic& diagnostic) {
  static constexpr const char* levels[] = {"Notice", "Warning", "Deprecated", "Fatal error", "Parse error"};
  return fmt::format("{}: {}", levels[static_cast<int>(diagnostic.severity)], diagnostic.message);
}

std::optional<Reply> perform_script_operation(const Operation& operation, reference::Worker& worker) {
  if (auto refused = restricted(operation, worker)) return refused;
  switch (operation.kind()) {
    case OperationKind::include:
      return include(operation, worker);
    case OperationKind::compile_file:
      return compile_file(operation, worker);
    case OperationKind::invalidate:
      return truth(worker.invalidate(operation.text("path"), operation.flag("force")));
    case OperationKind::reset:
      return truth(worker.reset());
    case OperationKind::is_cached:
      return truth(worker.is_cached(operation.text("path")));
    case OperationKind::script_status:
      return status(operation, worker);
    case OperationKind::script_configuration:
      return configuration(worker);
    case OperationKind::included_files:
      return included_files(worker);
    default:
      return std::nullopt;
  }
}

}  // namespace assay::conformance
