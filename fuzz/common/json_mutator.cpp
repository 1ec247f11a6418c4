#include "fuzz/common/json_mutator.h"

#include <nlohmann/json.hpp>

#include <vector>

#include "fuzz/common/dice.h"

namespace assay::fuzz {
namespace {

using Json = nlohmann::json;

void collect(Json& json, std::vector<Json*>& nodes) {
  nodes.push_back(&json);
  if (!json.is_structured()) return;
  for (Json& child : json) collect(child, nodes);
}

// Texts that mean something to one of the forms that a report is written in.
const std::vector<std::string>& telling_texts() {
  static const std::vector<std::string> texts = {"pass",
                                                 "fail",
                                                 "known deviation",
                                                 "unexpected pass",
                                                 "inconclusive",
                                                 "skip",
                                                 "error",
                                                 "php-8.2",
                                                 "portable",
                                                 "must",
                                                 "</script><script>alert(1)</script>",
                                                 "\"><script>alert(1)</script>",
                                                 "|a\nb|",
                                                 "\x1b[2J",
                                                 "]]>",
                                                 "1/2",
                                                 "2/2",
                                                 "#",
                                                 "$(id)",
                                                 "SC-VAL-02",
                                                 "SC-VAL-02/window",
                                                 "GU-LIV-01",
                                                 "XX-YY-01",
                                                 "2026-01-31T12:00:00.123Z",
                                                 "\xf0\x9f\x98\x80",
                                                 "'",
                                                 "`",
                                                 ""};
  return texts;
}

Json other_value(const Json& old, Dice& dice, const std::function<std::string(std::string)>& bytes) {
  if (old.is_string() && dice.percent(70))
    return dice.percent(50) ? dice.one_of(telling_texts()) : bytes(old.get<std::string>());
  if (old.is_boolean()) return !old.get<bool>();
  if (old.is_number() && dice.percent(70))
    return dice.one_of(std::vector<Json>{0, 1, 2, -1, 0.5, 1e300, 18446744073709551615u, 9223372036854775807});
  return dice.one_of(std::vector<Json>{nullptr, true, 0, "", Json::array(), Json::object()});
}

}  // namespace

std::optional<std::string> mutated_json(const std::string& text, std::uint32_t seed,
                                        const std::function<std::string(std::string)>& bytes) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  Dice dice(seed + 1);
  std::vector<Json*> nodes;
  collect(json, nodes);
  Json& node = *dice.one_of(nodes);
  if (node.is_array() && !node.empty() && dice.percent(60)) {
    const std::size_t position = dice.below(node.size());
    if (dice.percent(50))
      node.erase(position);
    else
      node.push_back(Json(node[position]));
  } else if (node.is_object() && !node.empty() && dice.percent(60)) {
    auto field = node.begin();
    std::advance(field, dice.below(node.size()));
    const Json value = *field;
    const std::string name = field.key();
    node.erase(name);
    if (dice.percent(70)) node[dice.percent(50) ? dice.one_of(telling_texts()) : bytes(name)] = value;
  } else {
    node = dice.percent(20) ? Json(*dice.one_of(nodes)) : other_value(node, dice, bytes);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace assay::fuzz
