#include "conformance/deployments/measure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::conformance {
namespace {

// The releases that the parts of a page came from; empty for a page that failed.
std::vector<std::string> parts_of(const Reply& reply) {
  std::vector<std::string> parts;
  if (reply.kind != Reply::Kind::value || !reply.value.is_array()) return parts;
  for (const auto& [key, element] : reply.value.as_array()) {
    const auto* name = std::get_if<std::string>(&key);
    if (!name || *name != "body" || !element.is_array()) continue;
    for (const auto& [index, release] : element.as_array()) {
      if (!release.is_string()) return {};
      parts.push_back(release.as_string());
    }
  }
  return parts;
}

bool is_mixed(const std::vector<std::string>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return part != parts.front(); });
}

Served served(const std::vector<std::string>& parts) {
  if (parts.empty()) return Served::failed;
  if (is_mixed(parts)) return Served::mixed;
  return parts.front() == "new" ? Served::fresh : Served::old;
}

Served worse(Served one, Served other) {
  const auto rank = [](Served s) { return s == Served::fresh ? 0 : s == Served::old ? 1 : s == Served::mixed ? 2 : 3; };
  return rank(one) >= rank(other) ? one : other;
}

bool is_page(const Observation& seen) {
  return is_whole_request(seen.operation);
}

// The request that was under way: it began before and ended after.
bool is_under_way(const Observation& seen) {
  return seen.operation.kind() == OperationKind::serve && seen.operation.text("path").ends_with("/straddle.php");
}

std::string part_name(RolloutKind kind, std::size_t index) {
  static const char* const names[] = {"main script", "files of its folder", "files of the working folder",
                                      "files by the link's name"};
  if (kind == RolloutKind::front_controller) return "files below the resolved root";
  return names[std::min<std::size_t>(index, 3)];
}

void note_stale(MeasuredRollout& result, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string name = part_name(result.strategy.kind, i);
    const auto& known = result.stale_for_good;
    if (parts[i] != "new" && std::find(known.begin(), known.end(), name) == known.end())
      result.stale_for_good.push_back(name);
  }
  if (parts.empty() && result.stale_for_good.empty()) result.stale_for_good.push_back("requests fail");
}

// What each worker answered in each second, part by part: two answers from both releases can still differ.
using Answers = std::array<std::vector<std::string>, 3>;

void add_up(MeasuredRollout& result, const Answers& answers) {
  const auto seconds = static_cast<std::int64_t>(result.timeline[0].size());
  std::int64_t last_not_new = -1;
  for (std::int64_t second = 0; second < seconds; ++second) {
    std::array<Served, 3> cells;
    for (std::size_t w = 0; w < cells.size(); ++w) cells[w] = result.timeline[w][static_cast<std::size_t>(second)];
    const auto any = [&](Served s) { return std::find(cells.begin(), cells.end(), s) != cells.end(); };
    const auto at = static_cast<std::size_t>(second);
    if (answers[0][at] != answers[1][at] || answers[1][at] != answers[2][at]) ++result.disagreement;
    if (any(Served::mixed)) ++result.mixed;
    if (any(Served::failed)) ++result.failed;
    if (any(Served::mixed) || any(Served::failed) || any(Served::old)) last_not_new = second;
  }
  if (last_not_new + 1 < seconds && result.stale_for_good.empty()) result.new_after = last_not_new + 1;
}

}  // namespace

MeasuredRollout measure(const Strategy& strategy, const Execution& execution) {
  MeasuredRollout result;
  result.strategy = strategy;
  if (execution.verdict != Verdict::pass) {
    result.not_measured = execution.reason;
    return result;
  }
  for (auto& line : result.timeline) line.assign(kWatched + 1, Served::fresh);
  Answers answers;
  for (auto& line : answers) line.resize(kWatched + 1);
  for (const Observation& seen : execution.observations) {
    const std::int64_t second = seen.began_at - clock_start - kDeployedAt;
    if (!is_page(seen) || second < 0) continue;
    const std::vector<std::string> parts = parts_of(seen.reply);
    if (is_under_way(seen)) {
      result.mixed_under_way = is_mixed(parts);
    } else if (second > kWatched) {
      note_stale(result, parts);
    } else {
      const auto worker = static_cast<std::size_t>(seen.worker) % 3, at = static_cast<std::size_t>(second);
      Served& cell = result.timeline[worker][at];
      cell = worse(cell, served(parts));
      answers[worker][at] += fmt::format("{};", fmt::join(parts, " "));
    }
  }
  add_up(result, answers);
  return result;
}

MeasuredRollout measure_on(Target& target, const std::filesystem::path& folder, const Strategy& strategy) {
  const Trace trace = rollout_trace(strategy, target.description());
  const std::string reason = reason_to_skip(trace, target.description());
  if (!reason.empty()) {
    MeasuredRollout skipped;
    skipped.strategy = strategy;
    skipped.not_measured = reason;
    return skipped;
  }
  return measure(strategy, Executor(target, folder, {.with_monitors = false}).run(trace));
}

}  // namespace assay::conformance
