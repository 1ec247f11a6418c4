#include "conformance/vocabulary/value.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace assay::conformance {
namespace {

// Bytes; so long strings are shared by the copies of a value, and hashed by their two ends.
constexpr std::size_t kLong = 4'096;

}  // namespace

Value::Value(std::string s) {
  if (s.size() < kLong) {
    data_ = std::move(s);
  } else {
    data_ = std::make_shared<const std::string>(std::move(s));
  }
}

Value Value::list(std::vector<Value> items) {
  Elements elements;
  elements.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    elements.emplace_back(static_cast<std::int64_t>(i), std::move(items[i]));
  }
  return elements;
}

Value Value::map(std::initializer_list<std::pair<Key, Value>> elements) {
  return Elements(elements);
}

std::string_view Value::type_name() const {
  static constexpr std::string_view names[] = {"null",  "bool",   "int",       "float", "string",
                                               "array", "object", "reference", "enum",  "string"};
  return names[data_.index()];
}

const Value* Value::find(const Key& key) const {
  const Elements* elements = nullptr;
  if (is_array()) elements = &as_array();
  if (is_object()) elements = &as_object().properties;
  if (!elements) return nullptr;
  for (const auto& [k, v] : *elements) {
    if (k == key) return &v;
  }
  return nullptr;
}

const Value* Value::at(const Path& path) const {
  const Value* value = this;
  for (const Key& key : path) {
    value = value->find(key);
    if (!value) return nullptr;
  }
  return value;
}

namespace {

bool same_float(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

std::string quoted(const std::string& bytes) {
  std::string out = "\"";
  for (unsigned char c : bytes) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

std::string key_text(const Key& key) {
  if (const auto* i = std::get_if<std::int64_t>(&key)) return fmt::format("{}", *i);
  return quoted(std::get<std::string>(key));
}

void append_text(std::string& out, const Value& value, std::size_t limit);

void append_elements(std::string& out, const Elements& elements, std::size_t limit, bool with_keys) {
  bool first = true;
  for (const auto& [key, element] : elements) {
    if (!first) out += ", ";
    first = false;
    if (out.size() > limit) {
      out += "...";
      return;
    }
    if (with_keys) out += key_text(key) + " => ";
    append_text(out, element, limit);
  }
}

void append_text(std::string& out, const Value& value, std::size_t limit) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.is_int()) {
    out += fmt::format("{}", value.as_int());
  } else if (value.is_float()) {
    const std::string text = fmt::format("{}", value.as_float());
    out += text;
    if (text.find_first_of(".en") == std::string::npos) out += ".0";
  } else if (value.is_string()) {
    const std::string& s = value.as_string();
    out += s.size() > limit ? quoted(s.substr(0, limit)) + fmt::format("... ({} bytes)", s.size()) : quoted(s);
  } else if (value.is_array()) {
    out += '[';
    append_elements(out, value.as_array(), limit, !is_list(value.as_array()));
    out += ']';
  } else if (value.is_object()) {
    const Object& object = value.as_object();
    out += fmt::format("object#{}", object.number);
    if (!object.seen_before) {
      out += fmt::format("({}) {{", object.class_name);
      append_elements(out, object.properties, limit, true);
      out += '}';
    }
  } else if (value.is_reference()) {
    const Reference& reference = value.as_reference();
    out += fmt::format("&{}", reference.number);
    if (!reference.content.empty()) {
      out += ' ';
      append_text(out, reference.content.front(), limit);
    }
  } else {
    out += value.as_enum().class_name + "::" + value.as_enum().case_name;
  }
}

}  // namespace

bool is_list(const Elements& elements) {
  std::int64_t next = 0;
  for (const auto& [key, element] : elements) {
    if (key != Key(next++)) return false;
  }
  return true;
}

bool operator==(const Value& a, const Value& b) {
  if (a.data_.index() != b.data_.index()) return false;
  if (a.is_null()) return true;
  if (a.is_bool()) return a.as_bool() == b.as_bool();
  if (a.is_int()) return a.as_int() == b.as_int();
  if (a.is_float()) return same_float(a.as_float(), b.as_float());
  if (a.is_string()) return &a.as_string() == &b.as_string() || a.as_string() == b.as_string();
  if (a.is_array()) return &a.as_array() == &b.as_array() || a.as_array() == b.as_array();
  if (a.is_enum()) {
    return a.as_enum().class_name == b.as_enum().class_name && a.as_enum().case_name == b.as_enum().case_name;
  }
  if (a.is_object()) {
    const Object &x = a.as_object(), &y = b.as_object();
    return x.number == y.number && x.seen_before == y.seen_before && x.class_name == y.class_name &&
           x.properties == y.properties;
  }
  const Reference &x = a.as_reference(), &y = b.as_reference();
  return x.number == y.number && x.content == y.content;
}

namespace {

void mix(std::size_t& hash, std::size_t more) {
  hash = (hash ^ more) * 0x9E3779B97F4A7C15u;
  hash ^= hash >> 32;
}

void mix(std::size_t& hash, std::string_view text) {
  if (text.size() >= kLong) {
    mix(hash, text.size());
    mix(hash, std::hash<std::string_view>()(text.substr(text.size() - kLong / 2)));
    text = text.substr(0, kLong / 2);
  }
  mix(hash, std::hash<std::string_view>()(text));
}

void mix(std::size_t& hash, const Elements& elements) {
  for (const auto& [key, value] : elements) {
    mix(hash, std::hash<Key>()(key));
    mix(hash, hash_of(value));
  }
}

std::size_t hash_of_float(double number) {
  return std::isnan(number) ? 0 : std::bit_cast<std::uint64_t>(number);
}

}  // namespace

std::size_t hash_of(const Value& value) {
  std::size_t hash = std::hash<std::string_view>()(value.type_name());
  if (value.is_bool()) mix(hash, value.as_bool());
  if (value.is_int()) mix(hash, static_cast<std::size_t>(value.as_int()));
  if (value.is_float()) mix(hash, hash_of_float(value.as_float()));
  if (value.is_string()) mix(hash, value.as_string());
  if (value.is_array()) mix(hash, value.as_array());
  if (value.is_enum()) mix(hash, value.as_enum().class_name), mix(hash, value.as_enum().case_name);
  if (value.is_object()) mix(hash, value.as_object().class_name), mix(hash, value.as_object().properties);
  if (value.is_reference()) mix(hash, static_cast<std::size_t>(value.as_reference().number));
  return hash;
}

std::string to_text(const Value& value, std::size_t limit) {
  std::string out;
  append_text(out, value, limit);
  return out;
}

std::string to_text(const Path& path) {
  std::string out;
  for (const Key& key : path) {
    out += '[' + key_text(key) + ']';
  }
  return out;
}

}  // namespace assay::conformance
