#include "conformance/adapter/served_page.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "conformance/adapter/root_text.h"
#include "conformance/vocabulary/json_text.h"

namespace assay::conformance {
namespace {

Value body_value(std::string body) {
  if (body.starts_with('[') || body.starts_with('{')) {
    const Json json = json_from_target(body);
    if (auto value = json.is_discarded() ? failure("") : value_from_json(json)) return *value;
  }
  return body;
}

}  // namespace

Reply served_page(int status, std::string body, std::vector<std::string> diagnostics, const std::string& root) {
  Reply reply = Reply::of(Value::map({{"status", status}, {"body", body_value(std::move(body))}}));
  reply.diagnostics = std::move(diagnostics);
  return root.empty() ? reply : without_root(std::move(reply), root);
}

Expected<const Operation*> whole_request(std::span<const Exchange> exchanges) {
  for (const Exchange& exchange : exchanges) {
    if (!is_whole_request(exchange.operation)) continue;
    if (exchanges.size() > 1)
      return failure(
          fmt::format("{} is a whole request: no other operation stands beside it", exchange.operation.spec->name));
    return &exchange.operation;
  }
  return nullptr;
}

}  // namespace assay::conformance
