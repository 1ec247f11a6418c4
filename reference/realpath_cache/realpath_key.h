#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace assay::reference {

// The hash of a raw path: a 64-bit FNV-1 variant with the 32-bit constants (RP-KEY-01). Bytes of 128 and above enter
// sign-extended, as on x86-64, on every platform (RP-KEY-02).
constexpr std::uint64_t realpath_key(std::string_view raw_path) {
  std::uint64_t key = 2166136261U;
  for (const char byte : raw_path) {
    key *= 16777619U;
    key ^= static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(byte)));
  }
  return key;
}

// A key as PHP shows it: an integer up to 2^63-1, beyond that the nearest double of the unsigned value (RP-KEY-03).
using PresentedKey = std::variant<std::int64_t, double>;

constexpr PresentedKey present_key(std::uint64_t key) {
  if (key <= static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::int64_t>(key);
  return static_cast<double>(key);
}

}  // namespace assay::reference
