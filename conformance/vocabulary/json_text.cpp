#include "conformance/vocabulary/json_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace assay::conformance {

bool is_nested_deeper(std::string_view text, int levels) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text && c == '\\') ++i;
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if ((c == '[' || c == '{') && ++depth > levels) return true;
    if (c == ']' || c == '}') --depth;
  }
  return false;
}

nlohmann::ordered_json json_from_target(std::string_view text) {
  if (is_nested_deeper(text)) return nlohmann::ordered_json::value_t::discarded;
  return nlohmann::ordered_json::parse(text, nullptr, false);
}

Expected<nlohmann::ordered_json> json_from_file(std::string_view text) {
  using Event = nlohmann::ordered_json::parse_event_t;
  if (is_nested_deeper(text)) return failure(fmt::format("it is nested deeper than {} levels", kMostLevels));
  std::vector<std::set<std::string>> names;  // of the objects that are open
  std::string twice;
  const auto watch = [&](int, Event event, nlohmann::ordered_json& parsed) {
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end) names.pop_back();
    if (event == Event::key && !names.back().insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(text, watch, false);
  if (json.is_discarded()) return failure("not JSON (is the file truncated?)");
  if (!twice.empty()) return failure(fmt::format("field \"{}\" stands twice; take one of them out", twice));
  return json;
}

}  // namespace assay::conformance
