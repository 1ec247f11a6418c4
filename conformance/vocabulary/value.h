#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace assay::conformance {

class Value;

// A key of a PHP array: an integer or a byte string. Decimal strings are not folded into integers here; an adapter
// reports what its target has.
using Key = std::variant<std::int64_t, std::string>;

// A place inside nested arrays (and object properties), from the outside in.
using Path = std::vector<Key>;

// Ordered, as PHP arrays are: order is part of equality.
using Elements = std::vector<std::pair<Key, Value>>;
// Whether the keys are 0, 1, 2, ... in this order.
bool is_list(const Elements& elements);

// Objects and references are numbered in the order of their first appearance in a value (1, 2, ...): two values with
// the same sharing have the same numbers. `content` is empty where the number appeared before.
struct Object {
  int number = 0;
  bool seen_before = false;
  std::string class_name;
  Elements properties;
};
struct Reference {
  int number = 0;
  std::vector<Value> content;
};
struct EnumCase {
  std::string class_name;
  std::string case_name;
};

// What copies of a value share until one of them changes it.
template <class T>
class Shared {
 public:
  Shared(T held) : held_(std::make_shared<T>(std::move(held))) {}
  // Of one that was moved from: what is empty.
  const T& get() const {
    static const T empty;
    return held_ ? *held_ : empty;
  }
  // Valid until this is copied.
  T& own() {
    if (held_ == nullptr || held_.use_count() > 1) held_ = std::make_shared<T>(get());
    return *held_;
  }

 private:
  std::shared_ptr<T> held_;
};

// A PHP value as the suite sees it: plain data with one canonical JSON form (value_json.h) and one definition of
// equality: same type, same bytes, same order; floats by bit pattern, except that all NaN are equal. Copyable (copies
// share what is large: runs are observed, judged and compared in many copies), no sharing with the target, safe to use from any one thread at a time.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool b) : data_(b) {}
  Value(int i) : data_(static_cast<std::int64_t>(i)) {}
  Value(std::int64_t i) : data_(i) {}
  Value(double d) : data_(d) {}
  Value(const char* s) : Value(std::string(s)) {}
  Value(std::string s);
  Value(std::string_view s) : Value(std::string(s)) {}
  Value(Elements elements) : data_(std::move(elements)) {}
  Value(Object object) : data_(std::move(object)) {}
  Value(Reference reference) : data_(std::move(reference)) {}
  Value(EnumCase enum_case) : data_(std::move(enum_case)) {}

  // [0 => a, 1 => b, ...]
  static Value list(std::vector<Value> items);
  // ["k" => v, ...]
  static Value map(std::initializer_list<std::pair<Key, Value>> elements);

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_float() const { return std::holds_alternative<double>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_) || is_long_string(); }
  bool is_array() const { return std::holds_alternative<Shared<Elements>>(data_); }
  bool is_object() const { return std::holds_alternative<Shared<Object>>(data_); }
  bool is_reference() const { return std::holds_alternative<Shared<Reference>>(data_); }
  bool is_enum() const { return std::holds_alternative<Shared<EnumCase>>(data_); }

  // REQUIRES: the value has that type (is_...); otherwise std::bad_variant_access, a bug of the caller.
  bool as_bool() const { return std::get<bool>(data_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(data_); }
  double as_float() const { return std::get<double>(data_); }
  const std::string& as_string() const {
    return is_long_string() ? *std::get<LongString>(data_) : std::get<std::string>(data_);
  }
  const Elements& as_array() const { return std::get<Shared<Elements>>(data_).get(); }
  const Object& as_object() const { return std::get<Shared<Object>>(data_).get(); }
  const Reference& as_reference() const { return std::get<Shared<Reference>>(data_).get(); }
  const EnumCase& as_enum() const { return std::get<Shared<EnumCase>>(data_).get(); }
  // To be changed. Valid until the value is copied.
  Elements& own_array() { return std::get<Shared<Elements>>(data_).own(); }
  Object& own_object() { return std::get<Shared<Object>>(data_).own(); }
  Reference& own_reference() { return std::get<Shared<Reference>>(data_).own(); }

  // The type's name as PHP has it: null, bool, int, float, string, array, object; also reference and enum.
  std::string_view type_name() const;

  // The element under a key of an array or a property of an object; nullptr where there is none.
  const Value* find(const Key& key) const;
  // The value at a path; nullptr where a part is missing. The empty path is the value itself.
  const Value* at(const Path& path) const;

  friend bool operator==(const Value& a, const Value& b);

 private:
  using LongString = std::shared_ptr<const std::string>;
  bool is_long_string() const { return std::holds_alternative<LongString>(data_); }

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Shared<Elements>, Shared<Object>,
               Shared<Reference>, Shared<EnumCase>, LongString>
      data_;
};

// Equal values have equal hashes. Of this process only.
std::size_t hash_of(const Value& value);

// One line for people, in PHP's short array syntax, cut to about `limit` bytes.
std::string to_text(const Value& value, std::size_t limit = 400);
std::string to_text(const Path& path);

}  // namespace assay::conformance
