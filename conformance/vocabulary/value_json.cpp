#include "conformance/vocabulary/value_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace assay::conformance {
namespace {

constexpr int max_value_depth = 512;

std::string float_text(double d) {
  if (std::isnan(d)) return "nan";
  if (std::isinf(d)) return d > 0 ? "inf" : "-inf";
  return fmt::format("{}", d);
}

Expected<double> float_from_text(const std::string& text) {
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  double d = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(d)) {
    return failure(fmt::format("\"$float\": \"{}\" is not a float; write digits, \"nan\", \"inf\" or \"-inf\"", text));
  }
  return d;
}

Json elements_to_json(const Elements& elements) {
  Json pairs = Json::array();
  for (const auto& [key, element] : elements) pairs.push_back(Json::array({key_to_json(key), to_json(element)}));
  return pairs;
}

Json string_to_json(const std::string& s) {
  if (is_utf8(s)) return s;
  return Json{{"$bytes", base64_encode(s)}};
}

class ValueReader {
 public:
  Expected<Value> read(const Json& json, int depth) {
    if (depth > max_value_depth)
      return failure(fmt::format("a value is nested deeper than {} levels", max_value_depth));
    if (json.is_null()) return Value();
    if (json.is_boolean()) return Value(json.get<bool>());
    if (json.is_number_integer()) return read_int(json);
    if (json.is_number())
      return failure(
          fmt::format("{} is no integer of 64 bits; a float is written {{\"$float\": \"...\"}}", json.dump()));
    if (json.is_string()) return Value(json.get<std::string>());
    if (json.is_array()) return read_list(json, depth);
    return read_tagged(json, depth);
  }

 private:
  static Expected<Value> read_int(const Json& json) {
    if (json.is_number_unsigned() &&
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return failure(fmt::format("integer {} does not fit 64 bits with sign", json.dump()));
    }
    return Value(json.get<std::int64_t>());
  }

  Expected<Value> read_list(const Json& json, int depth) {
    std::vector<Value> items;
    for (const Json& item : json) {
      auto value = read(item, depth + 1);
      if (!value) return value;
      items.push_back(std::move(*value));
    }
    return Value::list(std::move(items));
  }

  Expected<Elements> read_elements(const Json& pairs, int depth) {
    if (!pairs.is_array()) return failure("elements must be a list of [key, value] pairs");
    Elements elements;
    for (const Json& pair : pairs) {
      if (!pair.is_array() || pair.size() != 2) return failure("an element must be a pair [key, value]");
      auto key = ASSAY_TRY(key_from_json(pair[0]));
      auto value = ASSAY_TRY(read(pair[1], depth + 1));
      elements.emplace_back(std::move(key), std::move(value));
    }
    return elements;
  }

  Expected<Value> read_tagged(const Json& json, int depth) {
    if (json.empty()) return failure("an empty JSON object is not a value; an empty array is []");
    const std::string tag = json.begin().key();
    const Json& body = json.begin().value();
    if (tag == "$object") return read_object(json, depth);
    if (tag == "$reference") return read_reference(json, depth);
    if (json.size() != 1) return failure(fmt::format("a value tagged \"{}\" has one field only", tag));
    if (tag == "$array") {
      auto elements = ASSAY_TRY(read_elements(body, depth));
      if (is_list(elements)) return failure("\"$array\" with the keys 0, 1, ... must be written as a plain list");
      return Value(std::move(elements));
    }
    if (!body.is_string()) return failure(fmt::format("\"{}\" takes a string", tag));
    const std::string text = body.get<std::string>();
    if (tag == "$float") return float_from_text(text).map([](double d) { return Value(d); });
    if (tag == "$bytes") return read_bytes(text);
    if (tag == "$enum") return read_enum(text);
    return failure(
        fmt::format("unknown tag \"{}\"; known are $float, $bytes, $array, $object, $reference, $enum", tag));
  }

  static Expected<Value> read_bytes(const std::string& text) {
    auto bytes = ASSAY_TRY(base64_decode(text));
    if (is_utf8(bytes)) return failure("\"$bytes\" that are UTF-8 must be written as a plain string");
    return Value(std::move(bytes));
  }

  static Expected<Value> read_enum(const std::string& text) {
    const auto colons = text.find("::");
    if (colons == std::string::npos || colons == 0 || colons + 2 == text.size()) {
      return failure(fmt::format("\"$enum\": \"{}\" must have the form Class::Case", text));
    }
    return Value(EnumCase{text.substr(0, colons), text.substr(colons + 2)});
  }

  // Numbers run 1, 2, ... in order of first appearance; a number that appears again has no content.
  static Expected<bool> first_appearance(const Json& number, int& last, const char* tag) {
    if (!number.is_number_integer()) return failure(fmt::format("\"{}\" takes a number", tag));
    const auto n = number.get<std::int64_t>();
    if (n == last + 1) {
      ++last;
      return true;
    }
    if (n >= 1 && n <= last) return false;
    return failure(fmt::format("\"{}\": {} is out of order; the next new number is {}", tag, n, last + 1));
  }

  Expected<Value> read_object(const Json& json, int depth) {
    auto first = ASSAY_TRY(first_appearance(json["$object"], objects_, "$object"));
    Object object;
    object.number = json["$object"].get<int>();
    if (!first) {
      if (json.size() != 1) return failure("an object that appears again has no class and no properties");
      object.seen_before = true;
      return Value(std::move(object));
    }
    if (json.size() != 3 || !json.contains("class") || !json["class"].is_string() || !json.contains("properties")) {
      return failure("\"$object\" needs exactly \"class\" and \"properties\" where it appears first");
    }
    object.class_name = json["class"].get<std::string>();
    object.properties = ASSAY_TRY(read_elements(json["properties"], depth));
    return Value(std::move(object));
  }

  Expected<Value> read_reference(const Json& json, int depth) {
    auto first = ASSAY_TRY(first_appearance(json["$reference"], references_, "$reference"));
    Reference reference;
    reference.number = json["$reference"].get<int>();
    if (first) {
      if (json.size() != 2 || !json.contains("value")) {
        return failure("\"$reference\" needs exactly \"value\" where it appears first");
      }
      auto content = read(json["value"], depth + 1);
      if (!content) return content;
      reference.content.push_back(std::move(*content));
    } else if (json.size() != 1) {
      return failure("a reference that appears again has no value");
    }
    return Value(std::move(reference));
  }

  int objects_ = 0;
  int references_ = 0;
};

}  // namespace

Json key_to_json(const Key& key) {
  if (const auto* i = std::get_if<std::int64_t>(&key)) return *i;
  return string_to_json(std::get<std::string>(key));
}

Expected<Key> key_from_json(const Json& json) {
  auto value = ASSAY_TRY(value_from_json(json));
  if (value.is_int()) return Key(value.as_int());
  if (value.is_string()) return Key(value.as_string());
  return failure(fmt::format("a key is an integer or a string, not {}", value.type_name()));
}

Json to_json(const Value& value) {
  if (value.is_null()) return nullptr;
  if (value.is_bool()) return value.as_bool();
  if (value.is_int()) return value.as_int();
  if (value.is_float()) return Json{{"$float", float_text(value.as_float())}};
  if (value.is_string()) return string_to_json(value.as_string());
  if (value.is_enum()) return Json{{"$enum", value.as_enum().class_name + "::" + value.as_enum().case_name}};
  if (value.is_array()) {
    if (!is_list(value.as_array())) return Json{{"$array", elements_to_json(value.as_array())}};
    Json items = Json::array();
    for (const auto& [key, element] : value.as_array()) items.push_back(to_json(element));
    return items;
  }
  if (value.is_object()) {
    const Object& object = value.as_object();
    if (object.seen_before) return Json{{"$object", object.number}};
    return Json{
        {"$object", object.number}, {"class", object.class_name}, {"properties", elements_to_json(object.properties)}};
  }
  const Reference& reference = value.as_reference();
  if (reference.content.empty()) return Json{{"$reference", reference.number}};
  return Json{{"$reference", reference.number}, {"value", to_json(reference.content.front())}};
}

Expected<Value> value_from_json(const Json& json) {
  return ValueReader().read(json, 0);
}

std::string base64_encode(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= count ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

Expected<std::string> base64_decode(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::string_view group = text.substr(i, 4);
    std::size_t count = group.find('=');
    if (count == std::string_view::npos) count = group.size();
    const bool padding_last =
        i + 4 == text.size() && group.substr(count).find_first_not_of('=') == std::string_view::npos;
    if (group.size() != 4 || count < 2 || (count < 4 && !padding_last)) return failure("text is not base64");
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int d = j < count ? digit(group[j]) : 0;
      if (d < 0) return failure("text is not base64");
      bits = bits << 6 | static_cast<std::uint32_t>(d);
    }
    for (std::size_t j = 0; j + 1 < count; ++j) out += static_cast<char>(bits >> (16 - 8 * j) & 255);
  }
  if (base64_encode(out) != text) return failure("text is not base64 in its canonical form");
  return out;
}

namespace {

// Eight bytes at a time, as most text is: values that fill caches have millions.
std::size_t length_of_ascii(std::string_view bytes) {
  std::size_t length = 0;
  for (std::uint64_t word = 0; length + sizeof word <= bytes.size(); length += sizeof word) {
    std::memcpy(&word, bytes.data() + length, sizeof word);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  return length;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = length_of_ascii(bytes); i < bytes.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(bytes[k]); };
    const unsigned char lead = byte(i);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : (lead & 0xf0) == 0xe0       ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || i + length > bytes.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    }
    if (length > 2) {
      const unsigned char second = byte(i + 1);
      if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
          (lead == 0xf4 && second > 0x8f)) {
        return false;
      }
    }
    i += length;
  }
  return true;
}

}  // namespace assay::conformance
