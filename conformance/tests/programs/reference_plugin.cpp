// The reference's static cache behind assay_plugin.h.
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

#include "conformance/adapters/plugin/assay_plugin.h"
#include "conformance/adapters/reference/cache_operations.h"
#include "conformance/adapters/reference/reference_target.h"
#include "conformance/adapters/reference/worker_start.h"
#include "conformance/tests/programs/served_reference.h"

namespace {

using namespace assay;
using namespace assay::conformance;

const assay_host* host;
std::unique_ptr<ServedReference> served;

std::string text_of(assay_text text) {
  return {text.bytes, text.size};
}

Expected<Value> value_of(const assay_value* value) {
  return value_from_json(Json::parse(text_of(host->encoded(value))));
}

void* start(const assay_host* offered, const assay_value* ini, const char* folder, char* error,
            std::size_t error_size) {
  host = offered;
  Configuration configuration;
  for (std::size_t i = 0; i < host->count(ini); ++i)
    configuration.ini[text_of(host->text(host->key(ini, i)))] = text_of(host->text(host->element(ini, i)));
  const char* control = std::getenv("ASSAY_CONTROL");
  served.reset();
  auto started = ServedReference::start(configuration, {folder, folder, control ? control : ""});
  if (!started) {
    std::snprintf(error, error_size, "%s", started.error().message.c_str());
    return nullptr;
  }
  served = std::move(*started);
  return served.get();
}

void begin_request(void*) {
  if (!served->is_entered()) {
    begin_worker_process(::getppid(), served->sandbox(), {});
    served->enter(0);
  }
  served->worker().begin_request(served->sandbox().root.string());
}

void end_request(void*) {
  served->worker().end_request();
}

Expected<Operation> operation_of(const char* name, const assay_value* parameters) {
  for (const CallSpec& spec : operation_specs()) {
    if (spec.name != std::string_view(name)) continue;
    std::vector<Value> arguments;
    for (const Parameter& parameter : spec.parameters)
      arguments.push_back(ASSAY_TRY(value_of(host->find(parameters, parameter.name))));
    return operation_in_order(static_cast<OperationKind>(spec.kind), std::move(arguments));
  }
  return failure("no such operation");
}

void perform(void*, const char* name, const assay_value* parameters, assay_reply* out) {
  const auto operation = operation_of(name, parameters);
  const auto performed = operation ? perform_cache_operation(*operation, served->worker()) : std::nullopt;
  const Reply reply = performed.value_or(Reply::unsupported(name));
  if (reply.kind == Reply::Kind::value) {
    const std::string json = to_json(reply.value).dump();
    host->put_encoded(out, json.data(), json.size());
  } else if (reply.kind == Reply::Kind::thrown) {
    host->throw_error(out, reply.error_class.c_str(), reply.error_message.c_str());
  } else {
    host->unsupported(out, reply.error_message.c_str());
  }
}

}  // namespace

extern "C" const assay_plugin_info* assay_plugin() {
  static const char* const features[] = {"static_cache", "static_cache.volatile", "static_cache.locks",
                                         "static_cache.ttl", nullptr};
  static const std::map<std::string, std::string> declared = (*reference_target_kind().make({}))->description().choices;
  static std::vector<const char*> choices;
  if (choices.empty()) {
    for (const auto& [name, value] : declared) choices.insert(choices.end(), {name.c_str(), value.c_str()});
    choices.push_back(nullptr);
  }
  static const assay_plugin_info info = {sizeof info,   ASSAY_PLUGIN_VERSION, "reference", "0.1.0",
                                         features,      choices.data(),       start,       perform,
                                         begin_request, end_request,          nullptr};
  return &info;
}
