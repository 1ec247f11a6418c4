#include "conformance/exploration/schedule.h"

#include <fmt/format.h>

namespace assay::conformance {

std::vector<PointVisit> each_of(const Visits& visits) {
  std::vector<PointVisit> all;
  for (const auto& [point, times] : visits) {
    for (std::uint64_t visit = 1; visit <= times; ++visit) all.push_back({point, visit});
  }
  return all;
}

std::string to_text(const Schedule& schedule) {
  const char* first = schedule.b_begins ? "B" : "A";
  const char* second = schedule.b_begins ? "A" : "B";
  if (!schedule.first) return fmt::format("{}1 {}1", first, second);
  const auto paused = [](const char* worker, const PointVisit& at) {
    return fmt::format("{} at {} {}", worker, at.point, at.visit);
  };
  if (!schedule.second) return fmt::format("{0}1 {1}1 {0}2 ({2})", first, second, paused(first, *schedule.first));
  return fmt::format("{0}1 {1}1 {0}2 {1}2 ({2}, {3})", first, second, paused(first, *schedule.first),
                     paused(second, *schedule.second));
}

std::vector<Schedule> all_schedules(const Visits& a, const Visits& b, int most_preemptions) {
  std::vector<Schedule> all;
  for (const bool b_begins : {false, true}) {
    all.push_back({b_begins, std::nullopt, std::nullopt});
    if (most_preemptions == 0) continue;
    for (const PointVisit& first : each_of(b_begins ? b : a)) {
      all.push_back({b_begins, first, std::nullopt});
      if (most_preemptions == 1) continue;
      for (const PointVisit& second : each_of(b_begins ? a : b)) all.push_back({b_begins, first, second});
    }
  }
  return all;
}

}  // namespace assay::conformance
