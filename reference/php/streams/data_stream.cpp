#include "reference/php/streams/data_stream.h"

#include <array>
#include <cstdint>
#include <optional>

namespace assay::reference::php {
namespace {

int digit_of(char letter) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto at = kDigits.find(static_cast<char>(letter >= 'A' && letter <= 'F' ? letter + 32 : letter));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::string without_percent_signs(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '%' && i + 2 < text.size() && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0;
    if (is_escape) {
      plain += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    const auto value = kLetters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

}  // namespace

tl::expected<std::string, std::string> data_of(std::string_view rest) {
  const auto comma = rest.find(',');
  if (comma == std::string_view::npos) return tl::unexpected<std::string>("rfc2397: no comma in URL");
  const std::string_view kind = rest.substr(0, comma);
  std::string text = without_percent_signs(rest.substr(comma + 1));
  if (!kind.ends_with(";base64")) return text;
  auto bytes = from_base64(text);
  if (!bytes) return tl::unexpected<std::string>("rfc2397: unable to decode");
  return std::move(*bytes);
}

}  // namespace assay::reference::php
