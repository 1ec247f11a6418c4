#include "conformance/checkers/history.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conformance {

std::string draw_timeline(std::vector<TimelineRow> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.began < b.began; });
  std::vector<std::int64_t> stamps;
  for (const TimelineRow& row : rows) stamps.insert(stamps.end(), {row.began, row.ended});
  std::sort(stamps.begin(), stamps.end());
  stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
  const std::size_t columns = stamps.size() > 30 ? 1 : 3;  // for each stamp
  const auto column = [&](std::int64_t stamp) {
    const auto place = std::lower_bound(stamps.begin(), stamps.end(), stamp) - stamps.begin();
    return static_cast<std::size_t>(place) * columns;
  };
  const std::size_t width = stamps.empty() ? 1 : column(stamps.back()) + 2;
  std::string out;
  for (const TimelineRow& row : rows) {
    const bool open = row.ended == HistoryCall<int>::never;
    std::string line(width, ' ');
    const std::size_t from = column(row.began);
    const std::size_t to = std::max(column(row.ended), from + 1);
    std::fill(line.begin() + static_cast<std::ptrdiff_t>(from), line.begin() + static_cast<std::ptrdiff_t>(to), '-');
    line[from] = '|';
    line[to] = open ? '>' : '|';
    out += fmt::format("  W{:<3}{}  {}\n", row.worker, line, row.text);
  }
  return out;
}

}  // namespace assay::conformance
