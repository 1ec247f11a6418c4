#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace assay::crash {

// A repeated string instruction that stores (rep movs, rep stos): it traps at each of its repetitions, and is one store
// of ours.
struct StringStore {
  std::uint64_t width = 0;   // bytes of one repetition
  std::uint64_t length = 0;  // bytes of the instruction
};

// x86-64. Nothing where the code begins with any other instruction.
std::optional<StringStore> parse_string_store(std::span<const std::byte> code);

}  // namespace assay::crash
