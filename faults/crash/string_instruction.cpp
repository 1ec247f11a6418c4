#include "faults/crash/string_instruction.h"

namespace assay::crash {

std::optional<StringStore> parse_string_store(std::span<const std::byte> code) {
  bool repeated = false, word = false, wide = false;
  for (std::size_t i = 0; i < code.size() && i < 5; ++i) {
    const auto byte = static_cast<unsigned>(code[i]);
    if (byte == 0xf3 || byte == 0xf2) {
      repeated = true;
    } else if (byte == 0x66) {
      word = true;
    } else if (byte >= 0x40 && byte <= 0x4f) {
      wide = (byte & 8) != 0;
    } else if (byte == 0xa4 || byte == 0xaa) {
      return repeated ? std::optional(StringStore{1, i + 1}) : std::nullopt;
    } else if (byte == 0xa5 || byte == 0xab) {
      return repeated ? std::optional(StringStore{wide ? 8u : word ? 2u : 4u, i + 1}) : std::nullopt;
    } else if (byte != 0x67) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace assay::crash
