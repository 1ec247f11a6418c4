#include "support/text/near_names.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

// Levenshtein distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> near_names(std::string_view name, std::span<const std::string> known, std::size_t count) {
  std::string_view wanted = name;
  if (wanted.ends_with('*')) wanted.remove_suffix(1);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& candidate : known) {
    const bool contains = !wanted.empty() && candidate.find(wanted) != std::string::npos;
    ranked.emplace_back(contains ? 0 : distance(wanted, candidate), candidate);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> nearest;
  for (const auto& [rank, candidate] : ranked) {
    if (nearest.size() == count || rank > wanted.size()) break;
    nearest.push_back(candidate);
  }
  return nearest;
}

}  // namespace assay
