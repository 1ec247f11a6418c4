#include "support/text/near_names.h"

#include <algorithm>
#include <utility>

#include "support/text/edit_distance.h"

namespace assay {
std::vector<std::string> near_names(std::string_view name, std::span<const std::string> known, std::size_t count) {
  std::string_view wanted = name;
  if (wanted.ends_with('*')) wanted.remove_suffix(1);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& candidate : known) {
    const bool contains = !wanted.empty() && candidate.find(wanted) != std::string::npos;
    ranked.emplace_back(contains ? 0 : edit_distance(wanted, candidate), candidate);
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
