#include "conformance/catalogue/clause_tables.h"

#include <algorithm>

namespace assay::conformance {
namespace {

struct Row {
  std::string_view key;
  std::string_view text;
};

constexpr Row kFeatures[] = {
#define FEATURE(beginning, feature) {beginning, feature},
#include "conformance/catalogue/features.def"
#undef FEATURE
};

constexpr Row kUnobservable[] = {
#define UNOBSERVABLE(id, reason) {id, reason},
#include "conformance/catalogue/unobservable.def"
#undef UNOBSERVABLE
};

const Row* feature_row(std::string_view id) {
  const Row* best = nullptr;
  for (const Row& row : kFeatures) {
    if (id.starts_with(row.key) && (best == nullptr || row.key.size() > best->key.size())) best = &row;
  }
  return best;
}

}  // namespace

std::optional<std::string_view> feature_of(std::string_view id) {
  const Row* row = feature_row(id);
  if (row == nullptr) return std::nullopt;
  return row->text;
}

std::string_view unobservable_reason(std::string_view id) {
  const Row* row =
      std::find_if(std::begin(kUnobservable), std::end(kUnobservable), [&](const Row& r) { return r.key == id; });
  return row == std::end(kUnobservable) ? std::string_view{} : row->text;
}

std::string_view idle_row(std::span<const std::string> ids) {
  for (const Row& row : kFeatures) {
    if (std::none_of(ids.begin(), ids.end(), [&](const std::string& id) { return feature_row(id) == &row; }))
      return row.key;
  }
  for (const Row& row : kUnobservable) {
    if (std::find(ids.begin(), ids.end(), row.key) == ids.end()) return row.key;
  }
  return {};
}

}  // namespace assay::conformance
