// Traces as JSON Lines, both ways.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

#include "conformance/vocabulary/input_file.h"
#include "conformance/vocabulary/json_text.h"
#include "conformance/vocabulary/trace.h"
#include "conformance/vocabulary/trace_version.h"

namespace assay::conformance {
namespace {

Json directives_to_json(const Directives& ini) {
  Json json = Json::object();
  for (const auto& [name, value] : ini) json[name] = value;
  return json;
}

Json header_to_json(const Trace& trace) {
  Json json = {{"assay_trace", trace_version}, {"name", trace.name}, {"clauses", trace.clauses}};
  if (!trace.needs.empty()) json["needs"] = trace.needs;
  if (!trace.choices.empty()) json["choices"] = directives_to_json(trace.choices);
  if (!trace.not_asked.empty()) json["not_asked"] = trace.not_asked;
  if (!trace.note.empty()) json["note"] = trace.note;
  if (!trace.configuration.ini.empty()) json["ini"] = directives_to_json(trace.configuration.ini);
  Json pools = Json::array();
  for (const Pool& pool : trace.configuration.pools) {
    Json entry = {{"workers", pool.workers}};
    if (!pool.ini.empty()) entry["ini"] = directives_to_json(pool.ini);
    if (pool.master != 0) entry["master"] = pool.master;
    pools.push_back(entry);
  }
  json["pools"] = pools;
  return json;
}

Json exchange_to_json(const Exchange& exchange) {
  Json json = Json::object();
  append_call(json, exchange.operation, "op");
  if (!exchange.label.empty()) json["label"] = exchange.label;
  if (exchange.expected) json["expect"] = to_json(*exchange.expected);
  if (!exchange.clause.empty()) json["clause"] = exchange.clause;
  return json;
}

Json step_to_json(const Step& step) {
  if (const auto* action = std::get_if<Action>(&step)) return call_to_json(*action, "action");
  const Request& request = std::get<Request>(step);
  Json operations = Json::array();
  for (const Exchange& exchange : request.exchanges) operations.push_back(exchange_to_json(exchange));
  Json json = {{"worker", request.worker}, {"operations", operations}};
  if (!request.background.empty()) json["background"] = request.background;
  if (request.ends != "completed") json["ends"] = request.ends;
  if (request.within_ms != 0) json["within_ms"] = request.within_ms;
  return json;
}

Expected<void> only_fields(const Json& json, std::initializer_list<std::string_view> names) {
  if (!json.is_object()) return failure("a JSON object is needed");
  for (const auto& [field, value] : json.items()) {
    if (std::find(names.begin(), names.end(), field) == names.end())
      return failure(fmt::format("unknown field \"{}\"", field));
  }
  return {};
}

// A field of a JSON type, or an error that names it; `into` keeps its value where the field is absent.
template <class T>
Expected<void> read_field(const Json& json, const char* name, T& into) {
  if (!json.contains(name)) return {};
  try {
    if constexpr (std::is_same_v<T, int>) {
      if (!json[name].is_number_integer()) return failure(fmt::format("field \"{}\" must be an integer", name));
      const auto n = json[name].template get<std::int64_t>();
      if (n < 0 || n > 1'000'000)
        return failure(
            fmt::format("field \"{}\" is out of range: {} is not within 0 and 1000000", name, json[name].dump()));
    }
    into = json[name].template get<T>();
  } catch (const nlohmann::json::exception&) {
    return failure(fmt::format("field \"{}\" has the wrong type", name));
  }
  return {};
}

Expected<Pool> pool_from_json(const Json& json) {
  Pool pool;
  ASSAY_TRY(only_fields(json, {"workers", "ini", "master"}));
  ASSAY_TRY(read_field(json, "workers", pool.workers));
  ASSAY_TRY(read_field(json, "ini", pool.ini));
  ASSAY_TRY(read_field(json, "master", pool.master));
  if (pool.master > 7) return failure("field \"master\" must be from 0 to 7");
  if (pool.workers < 1 || pool.workers > 64) return failure("field \"workers\" must be from 1 to 64");
  return pool;
}

Expected<Trace> header_from_json(const Json& json) {
  Trace trace;
  ASSAY_TRY(
      only_fields(json, {"assay_trace", "name", "clauses", "needs", "choices", "not_asked", "note", "ini", "pools"}));
  int version = 0;
  ASSAY_TRY(read_field(json, "assay_trace", version));
  if (version != trace_version) {
    return failure(fmt::format("this is no trace of version {} (field \"assay_trace\")", trace_version));
  }
  ASSAY_TRY(read_field(json, "name", trace.name));
  ASSAY_TRY(read_field(json, "clauses", trace.clauses));
  ASSAY_TRY(read_field(json, "needs", trace.needs));
  ASSAY_TRY(read_field(json, "choices", trace.choices));
  ASSAY_TRY(read_field(json, "not_asked", trace.not_asked));
  ASSAY_TRY(read_field(json, "note", trace.note));
  ASSAY_TRY(read_field(json, "ini", trace.configuration.ini));
  if (json.contains("pools")) {
    if (!json["pools"].is_array() || json["pools"].empty())
      return failure("field \"pools\" must be a list that is not empty");
    trace.configuration.pools.clear();
    for (const Json& entry : json["pools"]) {
      trace.configuration.pools.push_back(ASSAY_TRY(pool_from_json(entry)));
    }
  }
  return trace;
}

Expected<Exchange> exchange_from_json(const Json& json) {
  static constexpr std::string_view other[] = {"label", "expect", "clause"};
  auto call = ASSAY_TRY(call_from_json(json, "op", operation_specs(), other));
  Exchange exchange{Operation{std::move(call)}, "", std::nullopt};
  ASSAY_TRY(read_field(json, "label", exchange.label));
  ASSAY_TRY(read_field(json, "clause", exchange.clause));
  if (json.contains("expect")) {
    exchange.expected = ASSAY_TRY(matcher_from_json(json["expect"]));
  }
  return exchange;
}

Expected<Request> request_from_json(const Json& json) {
  Request request;
  ASSAY_TRY(only_fields(json, {"worker", "operations", "background", "ends", "within_ms"}));
  ASSAY_TRY(read_field(json, "worker", request.worker));
  ASSAY_TRY(read_field(json, "background", request.background));
  ASSAY_TRY(read_field(json, "ends", request.ends));
  ASSAY_TRY(read_field(json, "within_ms", request.within_ms));
  const auto known = {"completed", "aborted", "died", "lives", "any", "unjudged"};
  if (std::find(known.begin(), known.end(), request.ends) == known.end())
    return failure(fmt::format("field \"ends\": \"{}\" is none of {}", request.ends, fmt::join(known, ", ")));
  if (!json.contains("operations") || !json["operations"].is_array())
    return failure("field \"operations\" must be a list");
  for (const Json& entry : json["operations"]) {
    auto exchange = ASSAY_TRY(exchange_from_json(entry));
    request.exchanges.push_back(std::move(exchange));
  }
  for (const Exchange& exchange : request.exchanges) {
    if (is_whole_request(exchange.operation) && request.exchanges.size() > 1)
      return failure(
          fmt::format("operation \"{}\" is a whole request: no other stands beside it", exchange.operation.spec->name));
  }
  return request;
}

Expected<Step> step_from_json(const Json& json, const Configuration& configuration) {
  if (json.is_object() && json.contains("action")) {
    auto call = ASSAY_TRY(call_from_json(json, "action", action_specs(), {}));
    return Step(Action{std::move(call)});
  }
  auto request = ASSAY_TRY(request_from_json(json));
  if (request.worker >= configuration.worker_count()) {
    return failure(
        fmt::format("field \"worker\": {} is out of range, the configuration has {} worker(s), numbered from 0",
                    request.worker, configuration.worker_count()));
  }
  return Step(std::move(request));
}

}  // namespace

std::string to_json_lines(const Trace& trace) {
  std::string out = header_to_json(trace).dump() + "\n";
  for (const Step& step : trace.steps) out += step_to_json(step).dump() + "\n";
  return out;
}

Expected<Trace> trace_from_json_lines(const std::string& text, const std::string& file) {
  std::istringstream lines(text);
  std::string line;
  std::optional<Trace> trace;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto wrong = [&](const std::string& what) { return failure(fmt::format("{}:{}: {}", file, number, what)); };
    if (lines.eof() && !text.ends_with('\n')) return wrong("the line has no end: the file is truncated");
    if (line.empty()) return wrong("empty line; each line holds one JSON object");
    const auto read = json_from_file(line);
    if (!read) return wrong(read.error().message);
    const Json& json = *read;
    if (!trace) {
      auto header = header_from_json(json);
      if (!header) return wrong(header.error().message);
      trace = std::move(*header);
      continue;
    }
    auto step = step_from_json(json, trace->configuration);
    if (!step) return wrong(step.error().message);
    trace->steps.push_back(std::move(*step));
  }
  if (!trace) return failure(fmt::format("{}: the file is empty; a trace begins with a header line", file));
  return std::move(*trace);
}

Expected<Trace> read_trace(const std::string& file) {
  return trace_from_json_lines(ASSAY_TRY(read_input_file(file, "give the path of a trace file")), file);
}

}  // namespace assay::conformance
