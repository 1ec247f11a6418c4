#include "faults/points/catalogue.h"

#include <algorithm>
#include <array>

namespace assay::points {
namespace {

constexpr std::uint32_t kCounts = effect_bit(Effect::count);
constexpr std::uint32_t ASKS = kCounts | effect_bit(Effect::pause) | effect_bit(Effect::delay);
constexpr std::uint32_t STEPS = ASKS | effect_bit(Effect::kill);
constexpr std::uint32_t FAILS = STEPS | effect_bit(Effect::fail);

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
                          [](const CatalogueEntry& e) { return e.error.empty() || e.allows(Effect::fail); }),
              "a point of the catalogue that cannot be refused has an errno");
static_assert(std::all_of(kCatalogue.begin(), kCatalogue.end(),
                          [](const CatalogueEntry& e) { return !e.is(Use::blocks) || e.is(Use::held); }),
              "a point at which a worker blocks is one at which a schedule can hold it");

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

std::string effects_text(std::uint32_t effects) {
  static constexpr std::array<std::pair<Effect, const char*>, 5> kNames{{{Effect::fail, "fail"},
                                                                         {Effect::kill, "kill"},
                                                                         {Effect::pause, "pause"},
                                                                         {Effect::delay, "delay"},
                                                                         {Effect::count, "count"}}};
  std::string text;
  for (const auto& [effect, name] : kNames) {
    if ((effects & effect_bit(effect)) == 0) continue;
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace assay::points
