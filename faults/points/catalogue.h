#pragma once

// The catalogue of points: the one place (catalogue.def) where each point is named, explained, and given the effects
// that make sense there. Control blocks, `assay explain POINT` and the documentation are made from it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faults/points/layout.h"

namespace assay::points {

// Bits of effects. Every point can be counted.
inline constexpr std::uint32_t effect_bit(Effect effect) {
  return 1U << static_cast<std::uint32_t>(effect);
}

// Who comes to a point, and where: the words of catalogue.def.
enum class Group { cache, runtime, call };

// What the suite uses a point for, as bits: the words of catalogue.def.
enum class Use : std::uint32_t { held = 1, held_once = 2, swept = 4, blocks = 8 };

// The caches that a point belongs to, as bits.
enum class Area : std::uint32_t { script = 1, file = 2, preload = 4, static_cache = 8, realpath = 16 };

// What a point is: its row in catalogue.def, where each column is explained.
struct CatalogueEntry {
  std::string_view name;
  std::string_view meaning;  // one line
  std::uint32_t effects;     // effect_bit()s
  std::string_view error;    // the name of the errno that a sweep refuses it with; empty: it does not
  Group group;
  std::uint32_t uses;   // bits of Use
  std::uint32_t areas;  // bits of Area; 0: of no cache in particular

  constexpr bool allows(Effect effect) const { return (effects & effect_bit(effect)) != 0; }
  constexpr bool is(Use use) const { return (uses & static_cast<std::uint32_t>(use)) != 0; }
  constexpr bool is_of(Area area) const { return (areas & static_cast<std::uint32_t>(area)) != 0; }
};

// All points, in the order of catalogue.def.
std::span<const CatalogueEntry> catalogue();

// nullptr when no point has this name.
const CatalogueEntry* find_point(std::string_view name);

// True when `pattern` is the name, or a prefix of it followed by a final '*'.
bool matches(std::string_view pattern, std::string_view name);

// "fail, kill, pause, delay, count"
std::string effects_text(std::uint32_t effects);

}  // namespace assay::points
