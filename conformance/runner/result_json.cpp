#include "conformance/runner/result_json.h"

#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

// Bytes that are not UTF-8 may stand in texts that come from a target.
Json text(const std::string& s) {
  return to_json(Value(s));
}

std::string text_from(const Json& json) {
  auto value = value_from_json(json);
  return value && value->is_string() ? value->as_string() : "";
}

Json points_to_json(const Evidence& evidence) {
  Json points = Json::object();
  for (const auto& [name, point] : evidence.points)
    points[name] = Json::array({point.reached, point.fired, point.operations});
  return points;
}

void points_from_json(const Json& json, Evidence& evidence) {
  for (const auto& [name, point] : json.items()) {
    evidence.points[name] = {point.at(0).get<std::uint64_t>(), point.at(1).get<std::uint64_t>(),
                             point.at(2).get<std::map<std::string, std::uint64_t>>()};
  }
}

}  // namespace

Json result_to_json(const TestResult& result) {
  Json clauses = Json::object();
  for (const auto& [clause, verdict] : result.clauses) clauses[clause] = to_text(verdict);
  const Evidence& e = result.evidence;
  return Json{{"test", result.test},
              {"kind", result.kind},
              {"clauses", clauses},
              {"verdict", to_text(result.verdict)},
              {"reason", text(result.reason)},
              {"details", text(result.details)},
              {"seconds", result.seconds},
              {"evidence", {e.traces, e.operations, e.interleavings, e.faults_fired, e.crash_states}},
              {"points", points_to_json(e)},
              {"trace", result.failing_trace ? Json(text(to_json_lines(*result.failing_trace))) : Json(nullptr)}};
}

Expected<TestResult> result_from_json(const Json& json) {
  try {
    TestResult result;
    result.test = json.at("test").get<std::string>();
    result.kind = json.at("kind").get<std::string>();
    for (const auto& [clause, verdict] : json.at("clauses").items()) {
      result.clauses[clause] = verdict_from_text(verdict.get<std::string>()).value_or(Verdict::error);
    }
    result.verdict = verdict_from_text(json.at("verdict").get<std::string>()).value_or(Verdict::error);
    result.reason = text_from(json.at("reason"));
    result.details = text_from(json.at("details"));
    result.seconds = json.at("seconds").get<double>();
    const auto e = json.at("evidence").get<std::vector<std::uint64_t>>();
    result.evidence = Evidence{e.at(0), e.at(1), e.at(2), e.at(3), e.at(4)};
    points_from_json(json.at("points"), result.evidence);
    if (!json.at("trace").is_null()) {
      result.failing_trace = ASSAY_TRY(trace_from_json_lines(text_from(json.at("trace")), "the failing trace"));
    }
    return result;
  } catch (const std::exception& e) {
    return failure(std::string("a test's process answered garbage: ") + e.what());
  }
}

}  // namespace assay::conformance
