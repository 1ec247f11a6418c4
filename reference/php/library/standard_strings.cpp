#include <algorithm>
#include <cctype>
#include <cstdio>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

using StringOperation = Value (*)(const std::string&);

// A function of one string.
BuiltinFunction of_string(StringOperation operation) {
  return [operation](BuiltinCall& call) -> BuiltinResult {
    auto text = ASSAY_TRY(string_argument(call, 0, "string"));
    return operation(text);
  };
}

using SearchOperation = Value (*)(const std::string& haystack, const std::string& needle);

BuiltinFunction of_search(SearchOperation operation) {
  return [operation](BuiltinCall& call) -> BuiltinResult {
    auto haystack = ASSAY_TRY(string_argument(call, 0, "haystack"));
    auto needle = ASSAY_TRY(string_argument(call, 1, "needle"));
    return operation(haystack, needle);
  };
}

// What is no digit is passed over; what no int can hold is a float.
Value hex_number(const std::string& text) {
  std::int64_t number = 0;
  double large = 0;
  for (const char digit : text) {
    if (std::isxdigit(static_cast<unsigned char>(digit)) == 0) continue;
    const int value = std::isdigit(static_cast<unsigned char>(digit)) != 0 ? digit - '0' : (digit | 0x20) - 'a' + 10;
    large = large * 16 + value;
    if (large < 9.2e18) number = number * 16 + value;
  }
  return large < 9.2e18 ? Value(number) : Value(large);
}

BuiltinResult repeat(BuiltinCall& call) {
  auto text = string_argument(call, 0, "string");
  if (!text) return tl::unexpected(text.error());
  auto times = int_argument(call, 1, "times");
  if (!times) return tl::unexpected(times.error());
  if (*times < 0) return tl::unexpected(argument_error(call, 1, "times", "greater than or equal to 0"));
  const std::size_t most = call.machine.limits().value_bytes;
  if (!text->empty() && static_cast<std::uint64_t>(*times) > most / text->size()) call.machine.bound_size(most + 1);
  std::string result;
  result.reserve(text->size() * static_cast<std::size_t>(*times));
  for (std::int64_t i = 0; i < *times && !text->empty(); ++i) result += *text;
  return Value(std::move(result));
}

BuiltinResult implode(BuiltinCall& call) {
  const bool swapped = call.arguments[0].is_array();
  if (!swapped && !call.has(1)) {
    return tl::unexpected(
        BuiltinError{"TypeError", "implode(): Argument #2 ($array) must be of type ?array, null given", nullptr});
  }
  if (!swapped && !call.arguments[1].is_array())
    return tl::unexpected(argument_error(call, 1, "array", "of type ?array"));
  std::string glue;
  if (!swapped) glue = call.machine.text_of(call.arguments[0]);
  if (swapped && call.has(1)) glue = call.machine.text_of(call.arguments[1]);
  const Value list = call.arguments[swapped ? 0 : 1];
  const Array& array = list.as_array();
  std::string result;
  bool first = true;
  for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
    if (!first) result += glue;
    first = false;
    result += call.machine.text_of(array.at(at).value);
    call.machine.charge(1);
    call.machine.bound_size(result.size());
  }
  return Value(std::move(result));
}

BuiltinResult explode(BuiltinCall& call) {
  auto separator = ASSAY_TRY(string_argument(call, 0, "separator"));
  auto text = ASSAY_TRY(string_argument(call, 1, "string"));
  if (separator.empty())
    return tl::unexpected(BuiltinError{"ValueError", "explode(): Argument #1 ($separator) cannot be empty", nullptr});
  const std::int64_t limit = call.has(2) ? to_int(call.arguments[2]) : INT64_MAX;
  Array result;
  std::size_t from = 0;
  for (;;) {
    const std::size_t next = text.find(separator, from);
    if (next == std::string::npos || (limit > 0 && static_cast<std::int64_t>(result.size()) + 1 >= limit)) break;
    result.append(text.substr(from, next - from));
    from = next + separator.size();
    call.machine.charge(1);
  }
  result.append(text.substr(from));
  return Value(std::move(result));
}

// The part from offset, at most length bytes, with PHP's meaning of negative numbers.
std::pair<std::size_t, std::size_t> part(std::size_t size, std::int64_t offset, const Value* length) {
  const auto total = static_cast<std::int64_t>(size);
  if (offset < 0) offset = std::max<std::int64_t>(0, total + offset);
  offset = std::min(offset, total);
  std::int64_t count = total - offset;
  if (length != nullptr && !length->resolve().is_null()) {
    const std::int64_t wanted = to_int(*length);
    count = wanted < 0 ? std::max<std::int64_t>(0, count + wanted) : std::min(count, wanted);
  }
  return {static_cast<std::size_t>(offset), static_cast<std::size_t>(count)};
}

BuiltinResult substring(BuiltinCall& call) {
  auto text = ASSAY_TRY(string_argument(call, 0, "string"));
  auto offset = ASSAY_TRY(int_argument(call, 1, "offset"));
  const auto [from, count] = part(text.size(), offset, call.has(2) ? &call.arguments[2] : nullptr);
  return Value(text.substr(from, count));
}

BuiltinResult replace(BuiltinCall& call) {
  if (call.arguments[0].is_array() || call.arguments[1].is_array() || call.arguments[2].is_array()) {
    return tl::unexpected(BuiltinError{"", "str_replace() with arrays is not part of the script subset", nullptr});
  }
  const std::string search = call.machine.text_of(call.arguments[0]);
  const std::string with = call.machine.text_of(call.arguments[1]);
  const std::string subject = call.machine.text_of(call.arguments[2]);
  if (search.empty()) return Value(subject);
  std::string result;
  std::size_t from = 0;
  for (std::size_t at; (at = subject.find(search, from)) != std::string::npos; from = at + search.size()) {
    result.append(subject, from, at - from).append(with);
    call.machine.bound_size(result.size());
  }
  return Value(result + subject.substr(from));
}

BuiltinFunction trimmer(bool left, bool right) {
  return [=](BuiltinCall& call) -> BuiltinResult {
    auto text = ASSAY_TRY(string_argument(call, 0, "string"));
    const std::string bytes = call.has(1) ? call.machine.text_of(call.arguments[1]) : std::string(" \n\r\t\v\0", 6);
    return Value(trim(text, bytes, left, right));
  };
}

BuiltinResult base_name(BuiltinCall& call) {
  auto path = ASSAY_TRY(string_argument(call, 0, "path"));
  std::string_view text = trim(path, "/", false, true);
  text = text.substr(text.rfind('/') + 1);
  const std::string suffix = call.has(1) ? call.machine.text_of(call.arguments[1]) : "";
  if (!suffix.empty() && text.size() > suffix.size() && text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return Value(text);
}

BuiltinResult dir_name(BuiltinCall& call) {
  auto path = ASSAY_TRY(string_argument(call, 0, "path"));
  const std::int64_t levels = call.has(1) ? to_int(call.arguments[1]) : 1;
  if (levels < 1) return tl::unexpected(argument_error(call, 1, "levels", "greater than or equal to 1"));
  std::string result = path;
  for (std::int64_t i = 0; i < levels; ++i) {
    std::string up = directory_of(result);
    if (up == result) break;
    result = std::move(up);
  }
  return Value(result);
}

struct Directive {
  bool left = false;
  bool plus = false;
  char pad = ' ';
  std::size_t width = 0;
  int precision = -1;
};

std::string format_one(Machine& machine, const Directive& how, char type, const Value& value) {
  std::string text;
  char buffer[512];
  const int precision = std::min(how.precision < 0 ? 6 : how.precision, 53);
  const double real = type == 'f' || type == 'F' || type == 'e' ? std::clamp(to_float(value), -1e100, 1e100) : 0;
  switch (type) {
    case 'd':
      text = std::to_string(to_int(value));
      if (how.plus && to_int(value) >= 0) text = "+" + text;
      break;
    case 'u':
      text = std::to_string(static_cast<std::uint64_t>(to_int(value)));
      break;
    case 'f':
    case 'F':
      std::snprintf(buffer, sizeof buffer, "%.*f", precision, real);
      text = buffer;
      break;
    case 'x':
    case 'X':
    case 'o':
      std::snprintf(buffer, sizeof buffer,
                    type == 'x'   ? "%llx"
                    : type == 'X' ? "%llX"
                                  : "%llo",
                    static_cast<unsigned long long>(to_int(value)));
      text = buffer;
      break;
    case 'b': {
      for (auto bits = static_cast<std::uint64_t>(to_int(value)); bits != 0; bits >>= 1)
        text.insert(text.begin(), (bits & 1) ? '1' : '0');
      if (text.empty()) text = "0";
      break;
    }
    case 'c':
      return std::string(1, static_cast<char>(to_int(value)));
    default:
      text = machine.text_of(value);
      if (how.precision >= 0) text = text.substr(0, static_cast<std::size_t>(how.precision));
  }
  if (text.size() < how.width) {
    const std::size_t missing = how.width - text.size();
    const bool sign = how.pad == '0' && !how.left && text.starts_with('-');
    text.insert(how.left ? text.size()
                : sign   ? 1
                         : 0,
                std::string(missing, how.left && how.pad == '0' ? ' ' : how.pad));
  }
  return text;
}

tl::expected<std::string, BuiltinError> format(BuiltinCall& call) {
  auto pattern = ASSAY_TRY(string_argument(call, 0, "format"));
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (++i >= pattern.size())
      return tl::unexpected(BuiltinError{"ValueError", "Missing format specifier at end of string", nullptr});
    if (pattern[i] == '%') {
      out += '%';
      continue;
    }
    Directive how;
    auto digits = [&](std::size_t most) {
      std::size_t value = 0;
      for (; i < pattern.size() && std::isdigit(static_cast<unsigned char>(pattern[i])); ++i) {
        value = std::min(most, value * 10 + static_cast<std::size_t>(pattern[i] - '0'));
      }
      return value;
    };
    std::size_t which = next;
    const std::size_t mark = i;
    const std::size_t position = digits(10000);
    if (i < pattern.size() && pattern[i] == '$' && position > 0) {
      which = position;
      ++i;
    } else {
      i = mark;
    }
    for (; i < pattern.size(); ++i) {
      const char flag = pattern[i];
      if (flag == '-') {
        how.left = true;
      } else if (flag == '+') {
        how.plus = true;
      } else if (flag == '0' || flag == ' ') {
        how.pad = flag;
      } else if (flag == '\'' && i + 1 < pattern.size()) {
        how.pad = pattern[++i];
      } else {
        break;
      }
    }
    how.width = digits(100000);
    if (i < pattern.size() && pattern[i] == '.') {
      ++i;
      how.precision = static_cast<int>(digits(1000));
    }
    if (i >= pattern.size())
      return tl::unexpected(BuiltinError{"ValueError", "Missing format specifier at end of string", nullptr});
    const char type = pattern[i];
    if (std::string_view("dufFxXobcs").find(type) == std::string_view::npos) {
      return tl::unexpected(
          BuiltinError{"ValueError", std::string("Unknown format specifier \"") + type + "\"", nullptr});
    }
    if (which == next) ++next;
    if (!call.has(which)) {
      return tl::unexpected(BuiltinError{
          "ArgumentCountError",
          std::to_string(which + 1) + " arguments are required, " + std::to_string(call.arguments.size()) + " given",
          nullptr});
    }
    out += format_one(call.machine, how, type, call.arguments[which]);
    call.machine.bound_size(out.size());
  }
  return out;
}

}  // namespace

void add_string_functions(Builtins& builtins) {
  constexpr std::size_t kAny = Builtins::kAny;
  builtins.add("strlen", 1, 1, of_string([](const std::string& text) { return Value(text.size()); }));
  builtins.add("strtolower", 1, 1, of_string([](const std::string& text) { return Value(lower(text)); }));
  builtins.add("strtoupper", 1, 1, of_string([](const std::string& text) { return Value(upper(text)); }));
  builtins.add("strrev", 1, 1,
               of_string([](const std::string& text) { return Value(std::string(text.rbegin(), text.rend())); }));
  builtins.add("ucfirst", 1, 1, of_string([](const std::string& text) {
                 return Value(text.empty() ? text : upper(text.substr(0, 1)) + text.substr(1));
               }));
  builtins.add("lcfirst", 1, 1, of_string([](const std::string& text) {
                 return Value(text.empty() ? text : lower(text.substr(0, 1)) + text.substr(1));
               }));
  builtins.add("bin2hex", 1, 1, of_string([](const std::string& text) {
                 std::string out;
                 for (unsigned char byte : text) {
                   out += "0123456789abcdef"[byte >> 4];
                   out += "0123456789abcdef"[byte & 15];
                 }
                 return Value(std::move(out));
               }));
  builtins.add("ord", 1, 1, of_string([](const std::string& text) {
                 return Value(text.empty() ? 0 : static_cast<unsigned char>(text[0]));
               }));
  builtins.add("chr", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(std::string(1, static_cast<char>(to_int(call.arguments[0]))));
  });
  builtins.add("dechex", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(format_one(call.machine, {}, 'x', call.arguments[0]));
  });
  builtins.add("hexdec", 1, 1, of_string([](const std::string& text) { return hex_number(text); }));
  builtins.add("str_contains", 2, 2, of_search([](const std::string& text, const std::string& part) {
                 return Value(text.find(part) != std::string::npos);
               }));
  builtins.add("str_starts_with", 2, 2, of_search([](const std::string& text, const std::string& part) {
                 return Value(text.starts_with(part));
               }));
  builtins.add("str_ends_with", 2, 2,
               of_search([](const std::string& text, const std::string& part) { return Value(text.ends_with(part)); }));
  builtins.add("strpos", 2, 2, of_search([](const std::string& text, const std::string& part) {
                 const std::size_t at = text.find(part);
                 return at == std::string::npos ? Value(false) : Value(at);
               }));
  builtins.add("strrpos", 2, 2, of_search([](const std::string& text, const std::string& part) {
                 const std::size_t at = text.rfind(part);
                 return at == std::string::npos ? Value(false) : Value(at);
               }));
  builtins.add("strcmp", 2, 2, of_search([](const std::string& one, const std::string& two) {
                 const int order = one.compare(two);
                 return Value(order == 0 ? 0 : order < 0 ? -1 : 1);
               }));
  builtins.add("substr", 2, 3, substring);
  builtins.add("str_repeat", 2, 2, repeat);
  builtins.add("implode", 1, 2, implode);
  builtins.add("join", 1, 2, implode);
  builtins.add("explode", 2, 3, explode);
  builtins.add("str_replace", 3, 3, replace);
  builtins.add("trim", 1, 2, trimmer(true, true));
  builtins.add("ltrim", 1, 2, trimmer(true, false));
  builtins.add("rtrim", 1, 2, trimmer(false, true));
  builtins.add("basename", 1, 2, base_name);
  builtins.add("dirname", 1, 2, dir_name);
  builtins.add("sprintf", 1, kAny, [](BuiltinCall& call) -> BuiltinResult { return Value(ASSAY_TRY(format(call))); });
  builtins.add("printf", 1, kAny, [](BuiltinCall& call) -> BuiltinResult {
    auto text = ASSAY_TRY(format(call));
    call.machine.write(text);
    return Value(text.size());
  });
}

}  // namespace assay::reference::php
