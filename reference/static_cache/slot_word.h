#pragma once

#include <cstdint>

// The word of a slot: where a key's block is, which of its two cells holds the value, whether a reader was told that it
// is expired, whether something of the entry is being moved, and a tag that no two words of a slot share within 2^29
// changes.
namespace assay::reference::slot_word {

inline constexpr std::uint64_t kEmpty = 0;
inline constexpr std::uint64_t kCell = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kExpired = std::uint64_t{1} << 33;
inline constexpr std::uint64_t kMoving = std::uint64_t{1} << 34;
inline constexpr int kTagShift = 35;

constexpr std::uint32_t block(std::uint64_t word) {
  return static_cast<std::uint32_t>(word);
}
constexpr unsigned cell(std::uint64_t word) {
  return (word & kCell) != 0 ? 1 : 0;
}
constexpr bool is_expired(std::uint64_t word) {
  return (word & kExpired) != 0;
}
constexpr bool is_moving(std::uint64_t word) {
  return (word & kMoving) != 0;
}
constexpr bool holds_key(std::uint64_t word) {
  return block(word) != 0;
}

constexpr std::uint64_t make(std::uint32_t block, unsigned cell, std::uint64_t tag) {
  return block | (cell != 0 ? kCell : 0) | tag << kTagShift;
}
// The same entry with its key in this block, and another tag.
constexpr std::uint64_t moved(std::uint64_t word, std::uint32_t block, bool is_moving, std::uint64_t tag) {
  return make(block, cell(word), tag) | (word & kExpired) | (is_moving ? kMoving : 0);
}
// Something was here: a search goes on behind it. Never equal to kEmpty.
constexpr std::uint64_t gone(std::uint64_t tag) {
  return kExpired | tag << kTagShift;
}

}  // namespace assay::reference::slot_word
