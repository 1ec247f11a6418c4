#include "reference/config/ini_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>

namespace assay::reference {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view strip(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::int64_t times(std::int64_t number, std::int64_t factor) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, factor, &product)) return number < 0 ? -kGreatest : kGreatest;
  return product;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = std::tolower(static_cast<unsigned char>(c));
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 99;
}

struct Digits {
  std::int64_t value = 0;
  bool any = false;
  std::string_view rest;
};

Digits read_digits(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  }
  Digits digits;
  while (!text.empty() && digit_of(text.front()) < base) {
    digits.any = true;
    digits.value = times(digits.value, base);
    if (digits.value <= kGreatest - digit_of(text.front())) digits.value += digit_of(text.front());
    text.remove_prefix(1);
  }
  if (negative) digits.value = -digits.value;
  digits.rest = strip(text);
  return digits;
}

std::int64_t multiplier_of(char last) {
  switch (std::toupper(static_cast<unsigned char>(last))) {
    case 'K':
      return 1 << 10;
    case 'M':
      return 1 << 20;
    case 'G':
      return 1 << 30;
    default:
      return 0;
  }
}

}  // namespace

IniNumber parse_ini_quantity(std::string_view text) {
  const Digits digits = read_digits(strip(text));
  if (strip(text).empty()) return {};
  if (!digits.any) return {0, fmt::format("\"{}\" has no valid leading digits, taken as 0", text)};
  if (digits.rest.empty()) return {digits.value, {}};
  const std::int64_t factor = multiplier_of(digits.rest.back());
  if (factor == 0) {
    return {digits.value, fmt::format("\"{}\" has the unknown multiplier \"{}\", taken as {}", text, digits.rest.back(),
                                      digits.value)};
  }
  const std::int64_t value = times(digits.value, factor);
  if (digits.rest.size() == 1) return {value, {}};
  return {value, fmt::format("\"{}\" is no whole number, taken as {}", text, value)};
}

IniNumber parse_ini_leading_number(std::string_view text) {
  const Digits digits = read_digits(strip(text));
  if (!digits.any) return {0, fmt::format("\"{}\" has no valid leading digits, taken as 0", text)};
  return {digits.value, {}};
}

bool parse_ini_flag(std::string_view text) {
  std::string lower(strip(text));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  if (lower == "on" || lower == "yes" || lower == "true") return true;
  return read_digits(lower).value != 0;
}

}  // namespace assay::reference
