#include "conformance/catalogue/catalogue.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "support/text/edit_distance.h"

namespace assay::conformance {
namespace {

// Positions in all_clauses(), sorted by id: the table itself keeps the order of the pages.
const std::vector<std::size_t>& positions_by_id() {
  static const std::vector<std::size_t> positions = [] {
    const auto clauses = all_clauses();
    std::vector<std::size_t> sorted(clauses.size());
    std::iota(sorted.begin(), sorted.end(), std::size_t{0});
    std::sort(sorted.begin(), sorted.end(),
              [&](std::size_t a, std::size_t b) { return clauses[a].id < clauses[b].id; });
    return sorted;
  }();
  return positions;
}

// Upper case, without separators and without zeros that lead a number: "sc_val-2" and "SC-VAL-02" become "SCVAL2".
std::string folded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) == 0) continue;
    if (c == '0' && (result.empty() || std::isdigit(static_cast<unsigned char>(result.back())) == 0)) continue;
    result.push_back(static_cast<char>(std::toupper(byte)));
  }
  return result;
}

}  // namespace

const Clause* find_clause(std::string_view id) {
  const auto clauses = all_clauses();
  const auto& positions = positions_by_id();
  const auto found =
      std::lower_bound(positions.begin(), positions.end(), id,
                       [&](std::size_t position, std::string_view wanted) { return clauses[position].id < wanted; });
  if (found == positions.end() || clauses[*found].id != id) return nullptr;
  return &clauses[*found];
}

std::vector<std::string_view> near_ids(std::string_view text, std::size_t limit) {
  constexpr std::size_t kMostTypingErrors = 2;
  const std::string wanted = folded(text);
  if (wanted.empty()) return {};
  std::vector<std::pair<std::size_t, std::string_view>> candidates;
  for (const std::size_t position : positions_by_id()) {
    const std::string_view id = all_clauses()[position].id;
    const std::string candidate = folded(id);
    const std::size_t errors = edit_distance(wanted, candidate);
    if (errors <= kMostTypingErrors) {
      candidates.emplace_back(errors, id);
    } else if (candidate.starts_with(wanted)) {
      candidates.emplace_back(kMostTypingErrors + 1, id);
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (candidates.size() > limit) candidates.resize(limit);
  std::vector<std::string_view> ids;
  for (const auto& [errors, id] : candidates) ids.push_back(id);
  return ids;
}

}  // namespace assay::conformance
