#include "conformance/deployments/forms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

std::string seconds(std::int64_t count) {
  return count == 0 ? "-" : fmt::format("{} s", count);
}

Json measured_json(const MeasuredRollout& rollout) {
  Json lines = Json::array();
  for (const auto& line : rollout.timeline) {
    std::string text;
    for (const Served cell : line) text += static_cast<char>(cell);
    lines.push_back(text);
  }
  return {{"new_after", rollout.new_after ? Json(*rollout.new_after) : Json()},
          {"disagreement", rollout.disagreement},
          {"mixed", rollout.mixed},
          {"mixed_under_way", rollout.mixed_under_way},
          {"failed", rollout.failed},
          {"stale_for_good", rollout.stale_for_good},
          {"timeline", lines}};
}

}  // namespace

std::string in_words_new_after(const MeasuredRollout& rollout) {
  if (!rollout.new_after) return "never";
  return *rollout.new_after == 0 ? "at once" : fmt::format("{} s", *rollout.new_after);
}

std::string in_words_mixed(const MeasuredRollout& rollout) {
  const bool for_good = !rollout.stale_for_good.empty() && rollout.mixed + rollout.failed > kWatched;
  if (for_good) return "every one";
  if (rollout.mixed > 0) return fmt::format("for {} s", rollout.mixed);
  return rollout.mixed_under_way ? "if under way" : "no";
}

std::string in_words_stale(const MeasuredRollout& rollout) {
  return rollout.stale_for_good.empty() ? "nothing" : fmt::format("{}", fmt::join(rollout.stale_for_good, ", "));
}

std::string deployments_text(const Description& target, std::span<const MeasuredRollout> rollouts) {
  constexpr const char* line = "{:<36} {:>9} {:>9} {:>13} {:>7}  {}\n";
  std::string text =
      fmt::format("Deployments on {} {} (seconds of the virtual clock)\n\n", target.name, target.version);
  text += fmt::format(line, "strategy", "all new", "disagree", "mixed answers", "errors", "stale for good");
  for (const MeasuredRollout& rollout : rollouts) {
    if (!rollout.not_measured.empty()) {
      text += fmt::format("{:<36} not measured: {}\n", rollout.strategy.title, rollout.not_measured);
      continue;
    }
    text += fmt::format(line, rollout.strategy.title, in_words_new_after(rollout), seconds(rollout.disagreement),
                        in_words_mixed(rollout), seconds(rollout.failed), in_words_stale(rollout));
  }
  return text;
}

Json deployments_json(const Description& target, std::span<const MeasuredRollout> rollouts) {
  Json list = Json::array();
  for (const MeasuredRollout& rollout : rollouts) {
    Json entry = rollout.not_measured.empty() ? measured_json(rollout) : Json{{"not_measured", rollout.not_measured}};
    entry["strategy"] = rollout.strategy.name;
    entry["title"] = rollout.strategy.title;
    entry["note"] = rollout.strategy.note;
    entry["ini"] = Json(rollout.strategy.ini);
    list.push_back(std::move(entry));
  }
  return {{"schema", deployments_schema},
          {"target", {{"name", target.name}, {"version", target.version}}},
          {"strategies", std::move(list)}};
}

}  // namespace assay::conformance
