#include "conformance/adapters/process/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <limits>

#include "conformance/adapter/root_text.h"

namespace assay::conformance::process {
namespace {

Json directives_json(const Directives& directives) {
  Json json = Json::object();
  for (const auto& [name, value] : directives) json[name] = value;
  return json;
}

Expected<void> only_fields(const Json& json, std::initializer_list<std::string_view> known, const char* where) {
  if (!json.is_object()) return failure(fmt::format("\"{}\" must be an object", where));
  for (const auto& [field, ignored] : json.items()) {
    if (std::find(known.begin(), known.end(), field) == known.end())
      return failure(fmt::format("unknown field \"{}\" in \"{}\"", field, where));
  }
  return {};
}

Expected<std::string> text_in(const Json& json, const char* field) {
  const auto found = json.find(field);
  if (found == json.end()) return failure(fmt::format("the field \"{}\" is missing", field));
  if (!found->is_string()) return failure(fmt::format("\"{}\" must be a string", field));
  return found->get<std::string>();
}

Expected<std::map<std::string, std::string>> texts_in(const Json& json, const char* field) {
  std::map<std::string, std::string> texts;
  const auto found = json.find(field);
  if (found == json.end()) return texts;
  if (!found->is_object()) return failure(fmt::format("\"{}\" must be an object of strings", field));
  for (const auto& [name, text] : found->items()) {
    if (!text.is_string()) return failure(fmt::format("\"{}\" in \"{}\" must be a string", name, field));
    texts[name] = text.get<std::string>();
  }
  return texts;
}

Expected<std::set<std::string>> features_in(const Json& json) {
  const auto found = json.find("features");
  if (found == json.end() || !found->is_array()) return failure("\"features\" must be a list of strings");
  std::set<std::string> features;
  for (const Json& feature : *found) {
    if (!feature.is_string()) return failure("\"features\" must be a list of strings");
    features.insert(feature.get<std::string>());
  }
  return features;
}

}  // namespace

Json hello_message() {
  return {{"hello", {{"protocol", kProtocol}}}};
}

Json start_message(const Configuration& configuration, const Sandbox& sandbox) {
  const Configuration real = with_root(configuration, sandbox.root.string());
  Json pools = Json::array();
  for (const Pool& pool : real.pools) pools.push_back({{"workers", pool.workers}, {"ini", directives_json(pool.ini)}});
  return {{"start",
           {{"root", sandbox.root.string()},
            {"scratch", sandbox.scratch.string()},
            {"control", sandbox.control.string()},
            {"ini", directives_json(real.ini)},
            {"pools", std::move(pools)}}}};
}

// Every parameter is there, also at its default value: an adapter need not know the defaults.
Json request_message(int worker, std::span<const Exchange> exchanges, const std::string& root) {
  Json operations = Json::array();
  for (const Exchange& exchange : exchanges) {
    const Operation operation = with_root(exchange.operation, root);
    Json entry = {{"op", operation.spec->name}};
    for (std::size_t i = 0; i < operation.arguments.size(); ++i)
      entry[operation.spec->parameters[i].name] = to_json(operation.arguments[i]);
    operations.push_back(std::move(entry));
  }
  return {{"worker", worker}, {"operations", std::move(operations)}};
}

Json replace_message(int worker) {
  return {{"replace", worker}};
}

Json reload_message() {
  return {{"reload", Json::object()}};
}

Json end_message() {
  return {{"end", Json::object()}};
}

std::optional<std::string> error_in(const Json& message) {
  const auto error = message.find("error");
  if (error == message.end()) return std::nullopt;
  return error->is_string() ? error->get<std::string>() : error->dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json greeting_json(const Greeting& greeting) {
  const Description& description = greeting.description;
  return {{"hello",
           {{"protocol", kProtocol},
            {"name", description.name},
            {"version", description.version},
            {"features", description.features},
            {"choices", directives_json(description.choices)},
            {"unknown_operations", directives_json(description.unknown_operations)},
            {"interposer", greeting.wants_interposer}}}};
}

Expected<std::pair<Configuration, Sandbox>> start_from(const Json& start) {
  Sandbox sandbox;
  sandbox.root = ASSAY_TRY(text_in(start, "root"));
  sandbox.scratch = ASSAY_TRY(text_in(start, "scratch"));
  sandbox.control = ASSAY_TRY(text_in(start, "control"));
  Configuration configuration;
  configuration.ini = ASSAY_TRY(texts_in(start, "ini"));
  configuration.pools.clear();
  for (const Json& entry : start.value("pools", Json::array())) {
    Pool pool;
    pool.workers = entry.value("workers", 1);
    pool.ini = ASSAY_TRY(texts_in(entry, "ini"));
    configuration.pools.push_back(std::move(pool));
  }
  return std::pair(std::move(configuration), std::move(sandbox));
}

Expected<Greeting> greeting_from(const Json& message) {
  ASSAY_TRY(only_fields(message, {"hello"}, "the answer to hello"));
  const auto found = message.find("hello");
  if (found == message.end()) return failure("the field \"hello\" is missing");
  const Json& hello = *found;
  const auto version = hello.is_object() ? hello.find("protocol") : hello.end();
  if (!hello.is_object() || version == hello.end() || !version->is_number_integer())
    return failure("\"hello\" needs \"protocol\", the number of the protocol's version");
  if (*version != kProtocol)
    return failure(fmt::format(
        "it speaks version {0} of the protocol, and this program version {1}; let it reply with \"protocol\": {1}",
        version->dump(), kProtocol));
  ASSAY_TRY(only_fields(
      hello, {"protocol", "name", "version", "features", "choices", "unknown_operations", "interposer"}, "hello"));
  Greeting greeting;
  Description& description = greeting.description;
  description.name = ASSAY_TRY(text_in(hello, "name"));
  description.version = ASSAY_TRY(text_in(hello, "version"));
  description.features = ASSAY_TRY(features_in(hello));
  description.choices = ASSAY_TRY(texts_in(hello, "choices"));
  description.unknown_operations = ASSAY_TRY(texts_in(hello, "unknown_operations"));
  if (description.name.empty()) return failure("\"name\" must not be empty");
  if (const auto wanted = hello.find("interposer"); wanted != hello.end()) {
    if (!wanted->is_boolean()) return failure("\"interposer\" must be true or false");
    greeting.wants_interposer = wanted->get<bool>();
  }
  for (const auto& [name, why] : description.unknown_operations) {
    const auto specs = operation_specs();
    if (std::none_of(specs.begin(), specs.end(),
                     [&unknown = name](const CallSpec& spec) { return spec.name == unknown; }))
      return failure(
          fmt::format("\"unknown_operations\" names \"{}\", which is no operation (docs/trace-format.md)", name));
  }
  return greeting;
}

Expected<Processes> processes_from(const Json& message, const char* field, std::size_t workers) {
  ASSAY_TRY(only_fields(message, {field}, "the answer"));
  const auto found = message.find(field);
  if (found == message.end() || !found->is_array() || found->size() != workers)
    return failure(fmt::format("\"{}\" must be a list of {} process ids, or nulls", field, workers));
  Processes processes;
  for (const Json& process : *found) {
    const bool is_id = process.is_number_integer() && process.get<std::int64_t>() > 0 &&
                       process.get<std::int64_t>() <= std::numeric_limits<pid_t>::max();
    if (!is_id && !process.is_null()) return failure(fmt::format("\"{}\" must hold process ids, or nulls", field));
    processes.push_back(is_id ? process.get<pid_t>() : 0);
  }
  return processes;
}

Expected<std::vector<Reply>> replies_from(const Json& message, std::size_t operations, const std::string& root) {
  ASSAY_TRY(only_fields(message, {"replies"}, "the answer"));
  const auto found = message.find("replies");
  if (found == message.end() || !found->is_array()) return failure("\"replies\" must be a list");
  if (found->size() != operations)
    return failure(fmt::format("{} replies to {} operations", found->size(), operations));
  std::vector<Reply> replies;
  for (const Json& entry : *found) {
    auto reply = reply_from_json(entry);
    if (!reply) return failure(fmt::format("reply {}: {}", replies.size() + 1, reply.error().message));
    replies.push_back(without_root(std::move(*reply), root));
  }
  return replies;
}

Expected<std::optional<std::string>> death_in(const Json& message) {
  if (!message.contains("died")) return std::nullopt;
  ASSAY_TRY(only_fields(message, {"died"}, "the answer"));
  return std::optional(ASSAY_TRY(text_in(message, "died")));
}

}  // namespace assay::conformance::process
