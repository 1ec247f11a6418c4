#include "conformance/adapters/reference/cache_operations.h"

#include <stdexcept>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapters/reference/script_operations.h"
#include "conformance/adapters/reference/values.h"
#include "reference/server/static_cache_calls.h"

namespace assay::conformance {
namespace {

using reference::StaticCacheCalls;
using Result = StaticCacheCalls::Result;

reference::Backend backend_of(const Operation& operation) {
  return operation.text("backend") == "pinned" ? reference::Backend::pinned : reference::Backend::volatile_;
}

Result call(const Operation& operation, ReferenceArguments& arguments, StaticCacheCalls& calls) {
  using K = OperationKind;
  const auto key = [&] { return operation.text("key"); };
  const auto value = [&](const char* name) { return arguments.of(operation.argument(name)); };
  switch (operation.kind()) {
    case K::cache_get:
      return calls.get(key(), value("default"));
    case K::cache_get_multiple:
      return calls.get_multiple(value("keys").as_array(), value("default"));
    case K::cache_set:
      return calls.set(key(), value("value"), operation.integer("ttl"));
    case K::cache_set_multiple:
      return calls.set_multiple(value("values").as_array(), operation.integer("ttl"));
    case K::cache_has:
      return calls.has(key());
    case K::cache_delete:
      return calls.remove(key());
    case K::cache_delete_multiple:
      return calls.remove_multiple(value("keys").as_array());
    case K::cache_clear:
      return calls.clear();
    case K::cache_info:
      return calls.info();
    case K::cache_add:
      return calls.add(key(), value("value"), operation.integer("ttl"));
    case K::cache_keys:
      return calls.keys();
    case K::cache_increment:
      return calls.increment(key(), operation.integer("step"));
    case K::cache_decrement:
      return calls.decrement(key(), operation.integer("step"));
    case K::cache_lock:
      return calls.lock(key(), operation.integer("lease"));
    case K::cache_unlock:
      return calls.unlock(key());
    case K::cache_store_type:
      return calls.store_type(key(), value("class_name"));
    default:
      throw std::logic_error("no operation of the static cache: " + std::string(operation.spec->name));
  }
}

Reply reply_of(const Result& result, const StaticCacheCalls& calls) {
  if (const auto& end = calls.end()) {
    if (end->exited) return Reply::not_run();
    if (end->error->class_name.empty()) return fatal_error(end->error->message);
    return Reply::thrown(end->error->class_name, end->error->message);
  }
  if (!result && result.error().class_name.empty()) return fatal_error(result.error().message);
  if (!result) return Reply::thrown(result.error().class_name, result.error().message);
  return Reply::of(from_reference(*result));
}

}  // namespace

std::optional<Reply> perform_cache_operation(const Operation& operation, reference::Worker& worker) {
  if (!std::string_view(operation.spec->name).starts_with("cache_")) return std::nullopt;
  if (operation.kind() == OperationKind::cache_remember) return std::nullopt;  // ST-LCK-19
  auto& diagnostics = worker.request().diagnostics;
  const std::size_t before = diagnostics.size();
  StaticCacheCalls calls(worker, backend_of(operation), reference::ScriptObjects::Caller::outside);
  ReferenceArguments arguments;
  Reply reply = reply_of(call(operation, arguments, calls), calls);
  // What nobody caught is the reply, and not reported beside it as well.
  const std::size_t uncaught = calls.end() && calls.end()->error ? 1 : 0;
  for (std::size_t i = before; i + uncaught < diagnostics.size(); ++i)
    reply.diagnostics.push_back(text_of(diagnostics[i]));
  return reply;
}

}  // namespace assay::conformance
