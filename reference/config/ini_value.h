#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::reference {

// A number read as PHP's configuration reads it.
struct IniNumber {
  std::int64_t value = 0;
  std::string complaint;  // empty when the whole text was understood
};

// Blanks, sign, decimal or 0x digits, then the multiplier K, M or G as last character. What cannot be read is left out
// with a complaint. Saturates at the limits of 64 bits.
IniNumber parse_ini_quantity(std::string_view text);

// The same without multiplier: what follows the digits is ignored ("64M" is 64), as the megabyte directives do
// (SC-SIZ-01).
IniNumber parse_ini_leading_number(std::string_view text);

// "1", "on", "yes", "true" in any case, or a number other than 0.
bool parse_ini_flag(std::string_view text);

}  // namespace assay::reference
