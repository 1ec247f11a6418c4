#include "conformance/adapters/php/driver_protocol.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

#include "conformance/adapter/rendezvous.h"
#include "conformance/adapter/root_text.h"
#include "conformance/vocabulary/json_text.h"

namespace assay::conformance::php {

namespace {

constexpr std::string_view kReplyBegin =
    "\x01"
    "assay\n";
constexpr std::string_view kReplyEnd = "\x02";

// The piece of the driver that performs an operation.
const char* piece_of(const Operation& operation) {
  if (operation.kind() == OperationKind::include) return "Include";
  const std::string_view feature = operation.spec->feature;
  if (feature == "script_cache") return "Scripts";
  if (feature == "files" || feature == "realpath_cache") return "Files";
  return feature.starts_with("static_cache") ? "StaticCaches" : "Requests";
}

Json setup_json(const DriverSetup& setup) {
  // A rendezvous takes its name and one of the last two after the first of these.
  const Json rendezvous = {setup.scratch + "/" + rendezvous_prefix, rendezvous_arrived, rendezvous_go};
  const std::string root = setup.root.empty() ? "/" : setup.root;
  return {{"root", root}, {"rendezvous", rendezvous}, {"entry_cost", setup.entry_cost}, {"map", setup.map}};
}

}  // namespace

std::string encode_request(const DriverSetup& setup, std::span<const Exchange> exchanges) {
  Json operations = Json::array();
  for (const Exchange& exchange : exchanges) {
    const Operation operation = with_root(exchange.operation, setup.root);
    Json entry = Json::array({piece_of(operation), operation.spec->name});
    for (const Value& argument : operation.arguments) entry.push_back(to_json(argument));
    operations.push_back(std::move(entry));
  }
  return Json::array({setup_json(setup), std::move(operations)}).dump();
}

std::string encode_inspection(const DriverSetup& setup) {
  return Json::array({setup_json(setup), Json::array({Json::array({"Requests", "inspect"})})}).dump();
}

std::string encode_map_inspection(const DriverSetup& setup) {
  return Json::array({setup_json(setup), Json::array({Json::array({"MapInspection", "inspect_map"})})}).dump();
}

Expected<DriverReply> decode_reply(std::string_view body, const std::string& root) {
  DriverReply result;
  const std::size_t begin = body.rfind(kReplyBegin);
  if (begin == std::string_view::npos) {
    result.stray = body;
    return result;
  }
  result.stray = body.substr(0, begin);
  body.remove_prefix(begin + kReplyBegin.size());
  while (!body.empty() && !body.starts_with(kReplyEnd)) {
    const std::size_t end = body.find('\n');
    if (end == std::string_view::npos) return result;
    auto reply = reply_from_json(json_from_target(body.substr(0, end)));
    if (!reply)
      return failure(
          fmt::format("{} in \"{}\"", reply.error().message, body.substr(0, std::min<std::size_t>(end, 300))));
    result.replies.push_back(without_root(std::move(*reply), root));
    body.remove_prefix(end + 1);
  }
  if (!body.starts_with(kReplyEnd)) return result;
  body.remove_prefix(kReplyEnd.size());
  const std::size_t end = std::min(body.find('\n'), body.size());
  const std::string_view last = body.substr(0, end);
  std::from_chars(last.data(), last.data() + last.size(), result.pid);
  result.complete = last.ends_with(" done");
  result.stray += body.substr(std::min(end + 1, body.size()));
  return result;
}

}  // namespace assay::conformance::php
