#include "conformance/reports/phpt_values.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace assay::conformance {
namespace {

std::string single_quoted(std::string_view bytes) {
  std::string out = "\"";
  for (const unsigned char c : bytes) {
    if (c == '"' || c == '\\' || c == '$')
      out += fmt::format("\\{}", static_cast<char>(c));
    else if (c < 0x20 || c >= 0x7f)
      out += fmt::format("\\x{:02x}", c);
    else
      out += static_cast<char>(c);
  }
  return out + '"';
}

// As PHP's var_export writes floats: the shortest digits that read back, fixed from 0.0001 up to seventeen digits.
std::string float_text(double d) {
  if (std::isnan(d)) return "NAN";
  if (std::isinf(d)) return d > 0 ? "INF" : "-INF";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  const std::string text(buffer, end);
  const auto e = text.find('e');
  const int exponent = std::stoi(text.substr(e + 1));
  if (exponent >= -4 && exponent < 17) {
    const auto fixed_end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::fixed).ptr;
    const std::string fixed(buffer, fixed_end);
    return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
  }
  const std::string digits = text.substr(0, e);
  return fmt::format("{}{}E{}{}", digits, digits.find('.') == std::string::npos ? ".0" : "", exponent < 0 ? "-" : "+",
                     std::abs(exponent));
}

using TextForm = std::string (*)(const std::string&);

std::string shown_text(const std::string& bytes) {
  return single_quoted(bytes);
}

// Both forms share all but how strings and the special values are written.
class ValueWriter {
 public:
  ValueWriter(TextForm text_form, bool is_code) : text_form_(text_form), is_code_(is_code) {}

  Expected<std::string> write(const Value& value) const {
    if (value.is_null()) return "null";
    if (value.is_bool()) return value.as_bool() ? "true" : "false";
    if (value.is_int()) return integer(value.as_int());
    if (value.is_float()) return float_text(value.as_float());
    if (value.is_string()) return text_form_(value.as_string());
    if (value.is_array()) return elements(value.as_array());
    if (value.is_enum()) return "\\" + value.as_enum().class_name + "::" + value.as_enum().case_name;
    return failure("a value holds an object or a reference, which has no literal form");
  }

 private:
  // The smallest integer has no literal: its digits alone would be a float.
  std::string integer(std::int64_t n) const {
    return is_code_ && n == std::numeric_limits<std::int64_t>::min() ? "PHP_INT_MIN" : fmt::format("{}", n);
  }

  Expected<std::string> elements(const Elements& array) const {
    const bool list = is_list(array);
    std::string out = "[";
    for (const auto& [key, element] : array) {
      const auto item = write(element);
      if (!item) return item;
      if (out.size() > 1) out += ", ";
      if (!list) {
        const auto* number = std::get_if<std::int64_t>(&key);
        out += (number ? integer(*number) : text_form_(std::get<std::string>(key))) + " => ";
      }
      out += *item;
    }
    return out + "]";
  }

  const TextForm text_form_;
  const bool is_code_;
};

}  // namespace

std::string php_text_literal(const std::string& bytes) {
  if (bytes == "@") return "ROOT";
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = bytes.find("@/", from)) != std::string::npos; from = at + 1) {
    if (at > from) out += single_quoted(std::string_view(bytes).substr(from, at - from)) + " . ";
    out += "ROOT . ";
  }
  return out + single_quoted(std::string_view(bytes).substr(from));
}

Expected<std::string> php_literal(const Value& value) {
  return ValueWriter(php_text_literal, true).write(value);
}
Expected<std::string> phpt_text(const Value& value) {
  return ValueWriter(shown_text, false).write(value);
}

}  // namespace assay::conformance
