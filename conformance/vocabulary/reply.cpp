#include "conformance/vocabulary/reply.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::conformance {

Reply Reply::of(Value value) {
  Reply reply;
  reply.value = std::move(value);
  return reply;
}

Reply Reply::thrown(std::string error_class, std::string message) {
  Reply reply;
  reply.kind = Kind::thrown;
  reply.error_class = std::move(error_class);
  reply.error_message = std::move(message);
  return reply;
}

Reply Reply::unsupported(std::string reason) {
  Reply reply;
  reply.kind = Kind::unsupported;
  reply.error_message = std::move(reason);
  return reply;
}

Reply Reply::not_run() {
  Reply reply;
  reply.kind = Kind::not_run;
  return reply;
}

Json to_json(const Reply& reply) {
  Json json = Json::object();
  switch (reply.kind) {
    case Reply::Kind::value:
      json["value"] = to_json(reply.value);
      break;
    case Reply::Kind::thrown:
      json["thrown"] = Json{{"class", reply.error_class}, {"message", to_json(Value(reply.error_message))}};
      break;
    case Reply::Kind::unsupported:
      json["unsupported"] = reply.error_message;
      break;
    case Reply::Kind::not_run:
      json["not_run"] = true;
      break;
  }
  if (!reply.output.empty()) json["output"] = to_json(Value(reply.output));
  if (!reply.diagnostics.empty()) {
    Json list = Json::array();
    for (const std::string& line : reply.diagnostics) list.push_back(to_json(Value(line)));
    json["diagnostics"] = list;
  }
  return json;
}

namespace {

Expected<std::string> string_field(const Json& json, const char* field) {
  const Value value = ASSAY_TRY(value_from_json(json));
  if (!value.is_string()) return failure(fmt::format("\"{}\" must be a string", field));
  return value.as_string();
}

Expected<Reply> read_kind(const std::string& field, const Json& body) {
  if (field == "value") return value_from_json(body).map([](Value v) { return Reply::of(std::move(v)); });
  if (field == "unsupported")
    return string_field(body, "unsupported").map([](std::string s) { return Reply::unsupported(s); });
  if (field == "not_run") return Reply::not_run();
  if (!body.is_object() || body.size() != 2 || !body.contains("class") || !body.contains("message")) {
    return failure("\"thrown\" needs exactly \"class\" and \"message\"");
  }
  const std::string error_class = ASSAY_TRY(string_field(body["class"], "class"));
  const std::string message = ASSAY_TRY(string_field(body["message"], "message"));
  return Reply::thrown(error_class, message);
}

Expected<std::vector<std::string>> string_list(const Json& json) {
  if (!json.is_array()) return failure("\"diagnostics\" must be a list of strings");
  std::vector<std::string> lines;
  for (const Json& item : json) {
    lines.push_back(ASSAY_TRY(string_field(item, "diagnostics")));
  }
  return lines;
}

}  // namespace

Expected<Reply> reply_from_json(const Json& json) {
  if (!json.is_object()) return failure("a reply must be a JSON object");
  Expected<Reply> reply = failure("a reply needs one of \"value\", \"thrown\", \"unsupported\", \"not_run\"");
  int kinds = 0;
  for (const auto& [field, body] : json.items()) {
    if (field == "output" || field == "diagnostics") continue;
    if (field != "value" && field != "thrown" && field != "unsupported" && field != "not_run") {
      return failure(fmt::format("a reply has no field \"{}\"", field));
    }
    if (++kinds > 1) return failure("a reply has only one of \"value\", \"thrown\", \"unsupported\", \"not_run\"");
    reply = read_kind(field, body);
  }
  if (!reply) return reply;
  if (json.contains("output")) {
    reply->output = ASSAY_TRY(string_field(json["output"], "output"));
  }
  if (json.contains("diagnostics")) {
    reply->diagnostics = ASSAY_TRY(string_list(json["diagnostics"]));
  }
  return reply;
}

std::string to_text(const Reply& reply) {
  std::string out;
  switch (reply.kind) {
    case Reply::Kind::value:
      out = to_text(reply.value);
      break;
    case Reply::Kind::thrown:
      out = fmt::format("{} thrown: {}", reply.error_class, reply.error_message);
      break;
    case Reply::Kind::unsupported:
      out = "unsupported: " + reply.error_message;
      break;
    case Reply::Kind::not_run:
      out = "no reply";
      break;
  }
  if (!reply.output.empty()) out += ", output " + to_text(Value(reply.output), 200);
  for (const std::string& line : reply.diagnostics) out += ", " + line.substr(0, 300);
  return out;
}

std::string_view to_text(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::completed:
      return "completed";
    case Outcome::Kind::aborted:
      return "aborted";
    case Outcome::Kind::died:
      return "died";
    case Outcome::Kind::hung:
      return "hung";
    case Outcome::Kind::garbage:
      return "garbage";
  }
  return "unknown";
}

}  // namespace assay::conformance
