#include "conformance/adapters/reference/script_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapters/reference/values.h"
#include "reference/server/script_cache_report.h"

namespace assay::conformance {
namespace {

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
      return Reply::of(from_reference(reference::status_report(worker, operation.flag("scripts"))));
    case OperationKind::script_configuration:
      return Reply::of(from_reference(reference::configuration_report(worker)));
    case OperationKind::included_files:
      return included_files(worker);
    default:
      return std::nullopt;
  }
}

}  // namespace assay::conformance
