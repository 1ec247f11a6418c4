#include "conformance/exploration/comparison_forms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

constexpr std::size_t longest_reply = 400;

std::string named(const Description& target, const Directives& ini) {
  std::string text = target.name + " " + target.version;
  for (const auto& [name, value] : ini) text += fmt::format(" {}={}", name, value);
  return text;
}

std::string counted(std::uint64_t number, const char* noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string histories(std::uint64_t number) {
  return number == 1 ? "1 history" : fmt::format("{} histories", number);
}

std::string how_to_replay(const DifferenceKind& difference, const ComparisonTitle& title,
                          const DifferenceFiles& files) {
  if (files.trace.empty()) return "";
  std::string text = fmt::format("  assay replay {} --target {}\n", files.trace, title.option_b);
  if (!difference.replays)
    text += "  (what A replied is no expectation that A keeps and B breaks each time: replay it on both)\n";
  if (!files.phpt.empty()) text += fmt::format("  {}\n", files.phpt);
  if (!files.no_phpt.empty()) text += fmt::format("  no .phpt: {}\n", files.no_phpt);
  return text;
}

Json side_json(const Description& target, const std::string& option, const Directives& ini) {
  Json directives = Json::object();
  for (const auto& [name, value] : ini) directives[clean_text(name)] = clean_text(value);
  return {{"name", clean_text(target.name)},
          {"version", clean_text(target.version)},
          {"option", clean_text(option)},
          {"ini", directives}};
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(clean_text(text));
}

Json difference_json(const DifferenceKind& difference, const DifferenceFiles& files) {
  Json known;
  if (difference.known)
    known = {{"reason", clean_text(difference.known->reason)}, {"link", clean_text(difference.known->link)}};
  return {{"kind", clean_text(difference.kind)},
          {"area", difference.area},
          {"seed", difference.seed},
          {"histories", difference.histories},
          {"a", clean_text(difference.a)},
          {"b", clean_text(difference.b)},
          {"known", known},
          {"smallest", difference.is_smallest},
          {"replays", difference.replays},
          {"trace", text_or_null(files.trace)},
          {"phpt", text_or_null(files.phpt)}};
}

}  // namespace

std::string difference_text(const DifferenceKind& difference, const ComparisonTitle& title,
                            const DifferenceFiles& files) {
  std::string text = fmt::format("\n{}{}\n", difference.known ? "known: " : "", clean_line(difference.kind));
  if (difference.known)
    return text + fmt::format("  {} ({})\n", clean_line(difference.known->reason), clean_line(difference.known->link));
  text += fmt::format("  first in --area {} --seed {}\n", difference.area, difference.seed);
  text += fmt::format("  A, {:<12}  {}\n  B, {:<12}  {}\n", title.a.name, clean_line(difference.a, longest_reply),
                      title.b.name, clean_line(difference.b, longest_reply));
  text += clean_text(to_text(difference.trace));
  if (!difference.is_smallest) text += "  (a smaller trace may show it: the time for shrinking was over)\n";
  return text + how_to_replay(difference, title, files);
}

std::string comparison_summary(const Comparison& comparison, const ComparisonTitle& title) {
  std::string text = fmt::format("\nA {}\nB {}\n", named(title.a, title.ini_a), named(title.b, title.ini_b));
  std::vector<std::string> areas;
  for (const auto& [area, number] : comparison.by_area) areas.push_back(fmt::format("{} {}", number, area));
  text += fmt::format("compared: {}{}, {}, seed {}, {:.1f} s\n", histories(comparison.histories),
                      areas.empty() ? "" : fmt::format(" ({})", fmt::join(areas, ", ")),
                      counted(comparison.operations, "operation"), title.seed, comparison.seconds);
  for (const auto& [area, why] : title.not_common) text += fmt::format("not compared: area {}: {}\n", area, why);
  for (const auto& [what, left] : comparison.left_out)
    text += fmt::format("left out {} times: {} ({})\n", left.times, what, clean_line(left.why));
  for (const auto& [why, number] : comparison.not_compared)
    text += fmt::format("not compared: {}: {}\n", histories(number), clean_line(why, longest_reply));
  for (const auto& [kind, seed] : comparison.not_repeated)
    text += fmt::format("seen once and not again (no difference): {} (seed {})\n", clean_line(kind), seed);
  std::uint64_t known = 0;
  for (const DifferenceKind& difference : comparison.differences) {
    known += difference.known.has_value();
    text += fmt::format("{} {} in {}\n", difference.known ? "known:    " : "different:", clean_line(difference.kind),
                        histories(difference.histories));
  }
  if (comparison.operations == 0) return text + "nothing could be compared\n";
  const std::uint64_t unexpected = comparison.differences.size() - known;
  return text + fmt::format("{}{}\n",
                            unexpected == 0 ? "no difference" : counted(unexpected, "kind") + " of differences",
                            known == 0 ? "" : fmt::format(" beside {} known", known));
}

Json comparison_json(const Comparison& comparison, const ComparisonTitle& title,
                     const std::map<std::string, DifferenceFiles>& files) {
  Json json = {{"schema", "assay-comparison/1"},
               {"a", side_json(title.a, title.option_a, title.ini_a)},
               {"b", side_json(title.b, title.option_b, title.ini_b)},
               {"seed", title.seed},
               {"seconds", comparison.seconds},
               {"histories", Json(comparison.by_area)},
               {"operations", comparison.operations}};
  json["left_out"] = Json::array();
  for (const auto& [what, left] : comparison.left_out)
    json["left_out"].push_back({{"what", what}, {"times", left.times}, {"why", clean_text(left.why)}});
  json["not_compared"] = Json::array();
  for (const auto& [area, why] : title.not_common)
    json["not_compared"].push_back({{"area", area}, {"why", clean_text(why)}});
  for (const auto& [why, number] : comparison.not_compared)
    json["not_compared"].push_back({{"histories", number}, {"why", clean_text(why)}});
  json["not_repeated"] = Json::array();
  for (const auto& [kind, seed] : comparison.not_repeated)
    json["not_repeated"].push_back({{"kind", clean_text(kind)}, {"seed", seed}});
  json["differences"] = Json::array();
  for (const DifferenceKind& difference : comparison.differences) {
    const auto written = files.find(difference.kind);
    json["differences"].push_back(
        difference_json(difference, written == files.end() ? DifferenceFiles{} : written->second));
  }
  return json;
}

}  // namespace assay::conformance
