#include "reference/php/value/convert.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "reference/php/value/inner_state.h"

namespace assay::reference::php {

namespace {

constexpr std::string_view kBlank = " \t\n\r\v\f";
constexpr int kMostDepth = 500;

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

std::int64_t float_to_int(double number) {
  if (!std::isfinite(number)) return 0;
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0) return static_cast<std::int64_t>(number);
  // Out of range: the low 64 bits of the whole number.
  const double wrapped = std::fmod(std::trunc(number), 18446744073709551616.0);
  const double positive = wrapped < 0 ? wrapped + 18446744073709551616.0 : wrapped;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(positive));
}

}  // namespace

bool to_bool(const Value& slot) {
  const Value& value = slot.resolve();
  switch (value.type()) {
    case ValueType::null:
      return false;
    case ValueType::boolean:
      return value.as_bool();
    case ValueType::integer:
      return value.as_int() != 0;
    case ValueType::real:
      return value.as_float() != 0;
    case ValueType::string:
      return !value.as_string().empty() && value.as_string() != "0";
    case ValueType::array:
      return !value.as_array().empty();
    default:
      return true;
  }
}

std::int64_t to_int(const Value& slot) {
  const Value& value = slot.resolve();
  switch (value.type()) {
    case ValueType::integer:
      return value.as_int();
    case ValueType::real:
      return float_to_int(value.as_float());
    case ValueType::string: {
      const auto number = numeric_prefix(value.as_string());
      if (!number) return 0;
      return number->number.is_int() ? number->number.as_int() : float_to_int(number->number.as_float());
    }
    default:
      return to_bool(value) ? 1 : 0;
  }
}

double to_float(const Value& slot) {
  const Value& value = slot.resolve();
  if (value.is_float()) return value.as_float();
  if (value.is_string()) {
    const auto number = numeric_prefix(value.as_string());
    if (!number) return 0;
    return number->number.is_int() ? static_cast<double>(number->number.as_int()) : number->number.as_float();
  }
  return static_cast<double>(to_int(value));
}

std::string to_string(const Value& slot) {
  const Value& value = slot.resolve();
  switch (value.type()) {
    case ValueType::boolean:
      return value.as_bool() ? "1" : "";
    case ValueType::integer:
      return std::to_string(value.as_int());
    case ValueType::real:
      return format_float(value.as_float());
    case ValueType::string:
      return value.as_string();
    case ValueType::array:
      return "Array";
    case ValueType::object:
      return "Object";
    default:
      return "";
  }
}

std::optional<NumericString> numeric_prefix(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(kBlank), text.size());
  std::size_t at = from;
  auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  const std::size_t whole_digits = digits();
  bool real = false;
  std::size_t fraction_digits = 0;
  if (at < text.size() && text[at] == '.') {
    const std::size_t dot = at++;
    fraction_digits = digits();
    real = fraction_digits + whole_digits > 0;
    if (!real) at = dot;
  }
  if (whole_digits + fraction_digits == 0) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t mark = at++;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() > 0) {
      real = true;
    } else {
      at = mark;
    }
  }
  const std::string number(text.substr(from, at - from));
  NumericString result;
  result.whole = text.find_first_not_of(kBlank, at) == std::string_view::npos;
  std::int64_t integer = 0;
  const char* first = number.data() + (number[0] == '+' ? 1 : 0);
  if (!real && std::from_chars(first, number.data() + number.size(), integer).ec == std::errc()) {
    result.number = Value(integer);
  } else {
    result.number = Value(std::strtod(number.c_str(), nullptr));
  }
  return result;
}

bool is_numeric(const Value& slot) {
  const Value& value = slot.resolve();
  if (value.is_int() || value.is_float()) return true;
  if (!value.is_string()) return false;
  const auto number = numeric_prefix(value.as_string());
  return number && number->whole;
}

namespace {

// Digits and decimal exponent as PHP lays them out: plain from 0.0001 up to 10 to the power of the precision, else with
// an exponent.
std::string lay_out(std::string digits, int exponent, bool negative, int precision) {
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  std::string out = negative ? "-" : "";
  if (exponent < -4 || exponent >= precision) {
    out += digits[0];
    out += '.';
    out += digits.size() > 1 ? digits.substr(1) : "0";
    out += exponent < 0 ? "E-" : "E+";
    return out + std::to_string(std::abs(exponent));
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return out + digits + std::string(whole - digits.size(), '0');
  return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

// `text` is a number in C's scientific notation.
std::string from_scientific(std::string_view text, int precision) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t mark = text.find('e');
  std::string digits;
  for (char byte : text.substr(0, mark)) {
    if (is_digit(byte)) digits.push_back(byte);
  }
  return lay_out(digits, std::atoi(std::string(text.substr(mark + 1)).c_str()), negative, precision);
}

std::optional<std::string> special(double number) {
  if (std::isnan(number)) return "NAN";
  if (std::isinf(number)) return number < 0 ? "-INF" : "INF";
  if (number == 0) return std::signbit(number) ? "-0" : "0";
  return std::nullopt;
}

}  // namespace

std::string format_float(double number) {
  if (auto text = special(number)) return *text;
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.13e", number);
  return from_scientific(buffer.data(), 14);
}

std::string format_float_exact(double number) {
  if (auto text = special(number)) return *text;
  std::array<char, 64> buffer{};
  auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  return from_scientific(std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data())), 17);
}

std::string type_name(const Value& slot) {
  static constexpr std::array<std::string_view, 6> kNames = {"null", "bool", "int", "float", "string", "array"};
  const Value& value = slot.resolve();
  if (value.is_object()) return value.as_object()->class_name.substr(0, value.as_object()->class_name.find('\0'));
  return std::string(kNames[static_cast<std::size_t>(value.type())]);
}

std::string long_type_name(const Value& slot) {
  static constexpr std::array<std::string_view, 7> kNames = {"NULL",   "boolean", "integer", "double",
                                                             "string", "array",   "object"};
  return std::string(kNames[static_cast<std::size_t>(slot.resolve().type())]);
}

namespace {

std::partial_ordering compare_at(const Value& a, const Value& b, int depth);

std::partial_ordering compare_arrays(const Array& left, const Array& right, int depth) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  for (std::size_t at = left.first(); at != left.end(); at = left.next(at)) {
    const Value* other = right.find(left.at(at).key);
    if (other == nullptr) return std::partial_ordering::unordered;
    const auto order = compare_at(left.at(at).value, *other, depth + 1);
    if (order != 0) return order;
  }
  return std::partial_ordering::equivalent;
}

std::partial_ordering compare_numbers(const Value& left, const Value& right) {
  if (left.is_int() && right.is_int()) return left.as_int() <=> right.as_int();
  return to_float(left) <=> to_float(right);
}

std::partial_ordering compare_strings(const std::string& left, const std::string& right) {
  const auto a = numeric_prefix(left);
  const auto b = numeric_prefix(right);
  if (a && b && a->whole && b->whole) return compare_numbers(a->number, b->number);
  return left.compare(right) <=> 0;
}

std::partial_ordering reversed(std::partial_ordering order) {
  if (order < 0) return std::partial_ordering::greater;
  if (order > 0) return std::partial_ordering::less;
  return order;
}

std::partial_ordering compare_at(const Value& a, const Value& b, int depth) {
  const Value& left = a.resolve();
  const Value& right = b.resolve();
  if (depth > kMostDepth) return std::partial_ordering::unordered;
  if (left.is_string() && right.is_string()) return compare_strings(left.as_string(), right.as_string());
  const bool left_number = left.is_int() || left.is_float();
  const bool right_number = right.is_int() || right.is_float();
  if (left_number && right_number) return compare_numbers(left, right);
  if (left.is_bool() || right.is_bool() || left.is_null() || right.is_null()) {
    if (left.is_null() && right.is_string()) return right.as_string().empty() ? 0 <=> 0 : 0 <=> 1;
    if (left.is_string() && right.is_null()) return left.as_string().empty() ? 0 <=> 0 : 1 <=> 0;
    return static_cast<int>(to_bool(left)) <=> static_cast<int>(to_bool(right));
  }
  if (left_number && right.is_string()) {
    const auto number = numeric_prefix(right.as_string());
    if (number && number->whole) return compare_numbers(left, number->number);
    return to_string(left).compare(right.as_string()) <=> 0;
  }
  if (left.is_string() && right_number) return reversed(compare_at(right, left, depth));
  if (left.is_array() && right.is_array()) {
    if (left.array_identity() == right.array_identity()) return std::partial_ordering::equivalent;
    return compare_arrays(left.as_array(), right.as_array(), depth);
  }
  if (left.is_array()) return std::partial_ordering::greater;
  if (right.is_array()) return std::partial_ordering::less;
  if (left.is_object() && right.is_object()) {
    const Object& one = *left.as_object();
    const Object& two = *right.as_object();
    if (&one == &two) return std::partial_ordering::equivalent;
    const auto earlier = inner_state::moment_of(one);
    const auto later = inner_state::moment_of(two);
    if (earlier && later) return *earlier <=> *later;
    if (one.class_name != two.class_name || one.kind != ObjectKind::plain) return std::partial_ordering::unordered;
    return compare_arrays(one.properties, two.properties, depth);
  }
  return compare_numbers(Value(to_int(left)), Value(to_int(right)));
}

}  // namespace

std::partial_ordering compare(const Value& left, const Value& right) {
  return compare_at(left, right, 0);
}
bool loosely_equal(const Value& left, const Value& right) {
  return compare_at(left, right, 0) == 0;
}

}  // namespace assay::reference::php
