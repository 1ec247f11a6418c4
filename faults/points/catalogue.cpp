#include "faults/points/catalogue.h"

#include <algorithm>
#include <array>

namespace assay::points {
namespace {

constexpr std::uint32_t kCounts = effect_bit(Effect::kCount);
constexpr std::uint32_t ASKS = kCounts | effect_bit(Effect::kPause) | effect_bit(Effect::kDelay);
constexpr std::uint32_t STEPS = ASKS | effect_bit(Effect::kKill);
constexpr std::uint32_t FAILS = STEPS | effect_bit(Effect::kFail);

constexpr std::uint32_t NONE = 0, ANY = 0;
constexpr auto HELD = static_cast<std::uint32_t>(Use::held), HELD_ONCE = static_cast<std::uint32_t>(Use::held_once),
               SWEPT = static_cast<std::uint32_t>(Use::swept), BLOCKS = static_cast<std::uint32_t>(Use::blocks);
constexpr auto SCRIPT = static_cast<std::uint32_t>(Area::script), FILE_CACHE = static_cast<std::uint32_t>(Area::file),
               PRELOAD = static_cast<std::uint32_t>(Area::preload),
               STATIC = static_cast<std::uint32_t>(Area::static_cache),
               REALPATH = static_cast<std::uint32_t>(Area::realpath);
constexpr Group CACHE = Group::cache, RUNTIME = Group::runtime, CALL = Group::call;

#define ASSAY_POINT(name, effects, error, group, uses, areas, meaning) \
  CatalogueEntry{name, meaning, effects, error, group, uses, areas},
constexpr auto kCatalogue = std::to_array<CatalogueEntry>({
#include "faults/points/catalogue.def"
});
#undef ASSAY_POINT

static_assert(kCatalogue.size() <= kMaxPoints, "the catalogue does not fit into a control block: raise kMaxPoints");
static_assert(std::all_of(kCatalogue.begin(), kCatalogue.end(),
                          [](const CatalogueEntry& e) {
                            return e.name.size() <= kMaxNameLength && !e.meaning.empty();
                          }),
              "a name of the catalogue is too long or has no meaning");
static_assert(std::all_of(kCatalogue.begin(), kCatalogue.end(),
                          [](const CatalogueEntry& e) { return e.error.empty() || e.allows(Effect::kFail); }),
              "a point of the catalogue that cannot be refused has an errno");
static_assert(std::all_of(kCatalogue.begin(), kCatalogue.end(),
                          [](const CatalogueEntry& e) { return !e.is(Use::blocks) || e.is(Use::held); }),
              "a point at which a worker blocks is one at which a schedule can hold it");

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

std::span<const CatalogueEntry> catalogue() {
  return kCatalogue;
}

const CatalogueEntry* find_point(std::string_view name) {
  const auto found = std::find_if(kCatalogue.begin(), kCatalogue.end(), [&](const auto& e) { return e.name == name; });
  return found == kCatalogue.end() ? nullptr : &*found;
}

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

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

std::string effects_text(std::uint32_t effects) {
  static constexpr std::array<std::pair<Effect, const char*>, 5> kNames{{{Effect::kFail, "fail"},
                                                                         {Effect::kKill, "kill"},
                                                                         {Effect::kPause, "pause"},
                                                                         {Effect::kDelay, "delay"},
                                                                         {Effect::kCount, "count"}}};
  std::string text;
  for (const auto& [effect, name] : kNames) {
    if ((effects & effect_bit(effect)) == 0) continue;
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace assay::points
