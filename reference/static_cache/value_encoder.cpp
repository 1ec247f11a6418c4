#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "reference/static_cache/unique_number.h"
#include "reference/static_cache/value_codec.h"
#include "reference/static_cache/value_format.h"

namespace assay::reference {
namespace {

using value_format::Tag;

bool is_scalar(ValueType type) {
  return type == ValueType::null || type == ValueType::boolean || type == ValueType::integer || type == ValueType::real;
}

bool is_all_of(const Array& array, ValueType type) {
  for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
    if (array.at(at).value.type() != type) return false;
  }
  return true;
}

// A string that was written, and one that is looked for among those.
struct WrittenText {
  std::size_t begin;
  std::size_t size;
  std::size_t hash;
  std::int64_t number;
};
struct SoughtText {
  std::string_view text;
  std::size_t hash;
};
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(const WrittenText& text) const { return text.hash; }
  std::size_t operator()(const SoughtText& text) const { return text.hash; }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(const WrittenText& left, const WrittenText& right) const { return left.begin == right.begin; }
  bool operator()(const WrittenText& left, const SoughtText& right) const { return is(left, right); }
  bool operator()(const SoughtText& left, const WrittenText& right) const { return is(right, left); }
  bool is(const WrittenText& written, const SoughtText& sought) const {
    return written.hash == sought.hash && std::string_view(bytes).substr(written.begin, written.size) == sought.text;
  }
  const std::string& bytes;
};

class Encoder {
 public:
  explicit Encoder(ObjectHooks& hooks) : hooks_(hooks) {}

  Expected<void> run(const Value& value) {
    put_number(static_cast<std::int64_t>(unique_number()));
    ASSAY_TRY(put(value));
    while (!walks_.empty()) ASSAY_TRY(step());
    return {};
  }
  std::string& bytes() { return bytes_; }
  StoreType store_type() const { return store_type_; }

 private:
  struct Walk {
    const Array* array;
    std::size_t position;
    bool has_keys;
  };

  Expected<void> step() {
    Walk& walk = walks_.back();
    if (walk.position == walk.array->end()) {
      walks_.pop_back();
      return {};
    }
    const Array::Element& element = walk.array->at(walk.position);
    walk.position = walk.array->next(walk.position);
    if (walk.has_keys) put_key(element.key);
    return put(element.value);
  }

  void put_key(const ArrayKey& key) {
    if (key.is_int()) {
      put_tagged(Tag::integer, key.as_int());
    } else {
      put_text(key.as_string());
    }
  }

  Expected<void> put(const Value& value) {
    switch (value.type()) {
      case ValueType::null:
        put_tag(Tag::null);
        return {};
      case ValueType::boolean:
        put_tag(value.as_bool() ? Tag::true_ : Tag::false_);
        return {};
      case ValueType::integer:
        put_tagged(Tag::integer, value.as_int());
        return {};
      case ValueType::real:
        put_tagged(Tag::real, std::bit_cast<std::int64_t>(value.as_float()));
        return {};
      case ValueType::string:
        put_text(value.as_string());
        return {};
      case ValueType::array:
        put_array(value.as_array());
        return {};
      case ValueType::object:
        return put_object(value.as_object());
      case ValueType::reference:
        return put_reference(value.as_reference());
    }
    return {};
  }

  void put_array(const Array& array) {
    if (!array.is_list()) {
      put_tag(Tag::array);
      return put_elements(array);
    }
    if (!array.empty() && is_all_of(array, ValueType::integer)) {
      put_tag(Tag::integers);
      return put_numbers(array, [](const Value& value) { return value.as_int(); });
    }
    if (!array.empty() && is_all_of(array, ValueType::real)) {
      put_tag(Tag::reals);
      return put_numbers(array, [](const Value& value) { return std::bit_cast<std::int64_t>(value.as_float()); });
    }
    put_tag(Tag::list);
    put_sizes(array);
    walks_.push_back({&array, array.first(), false});
  }

  template <class Number>
  void put_numbers(const Array& array, Number number_of) {
    put_sizes(array);
    const std::size_t start = bytes_.size();
    bytes_.resize(start + array.size() * sizeof(std::int64_t));
    char* to = bytes_.data() + start;
    for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
      const std::int64_t number = number_of(array.at(at).value);
      std::memcpy(to, &number, sizeof number);
      to += sizeof number;
    }
  }

  Expected<void> put_object(const std::shared_ptr<Object>& object) {
    if (const auto known = seen_.find(object.get()); known != seen_.end()) {
      if (object->kind != ObjectKind::enum_case) at_least(StoreType::binary);
      put_tagged(Tag::known_object, known->second);
      return {};
    }
    if (is_forbidden(Value(object)))
      return failure("a value that contains a closure or a resource cannot be stored: leave it out");
    seen_.emplace(object.get(), objects_++);
    if (object->kind == ObjectKind::enum_case) {
      put_enum_case(*object);
      return {};
    }
    auto state = ASSAY_TRY(hooks_.state_of(object));
    if (state.by_hook) at_least(StoreType::serialized);
    if (state.is_inner) at_least(StoreType::binary);
    put_tag(Tag::object);
    put_text(object->class_name);
    if (state.is_own) {
      put_elements(object->properties);
    } else {
      states_.push_back(std::move(state.elements));
      put_elements(states_.back());
    }
    kept_.push_back(object);
    return {};
  }

  void put_enum_case(const Object& object) {
    const Value* name = object.properties.find(ArrayKey::verbatim("name"));
    put_tag(Tag::enum_case);
    put_text(object.class_name);
    put_text(name != nullptr && name->is_string() ? name->as_string() : "");
  }

  Expected<void> put_reference(const std::shared_ptr<Reference>& reference) {
    if (reference.use_count() == 1) return put(reference->value);
    at_least(StoreType::binary);
    if (const auto known = seen_.find(reference.get()); known != seen_.end()) {
      put_tagged(Tag::known_reference, known->second);
      return {};
    }
    seen_.emplace(reference.get(), references_++);
    put_tag(Tag::reference);
    return put(reference->value);
  }

  void at_least(StoreType type) { store_type_ = std::max(store_type_, type); }

  void put_elements(const Array& array) {
    put_sizes(array);
    walks_.push_back({&array, array.first(), true});
  }
  void put_sizes(const Array& array) {
    put_number(array.next_free_index());
    put_number(static_cast<std::int64_t>(array.size()));
  }

  void put_tag(Tag tag) { bytes_.push_back(tag); }
  void put_number(std::int64_t number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void put_tagged(Tag tag, std::int64_t number) {
    put_tag(tag);
    put_number(number);
  }
  // Equal ones once, be they keys, values or names (ST-ENC-12).
  void put_text(std::string_view text) {
    if (text.size() >= value_format::kNumbered) {
      const SoughtText sought{text, std::hash<std::string_view>()(text)};
      if (const auto known = texts_.find(sought); known != texts_.end())
        return put_tagged(Tag::known_string, known->number);
      const std::size_t begin = bytes_.size() + sizeof(char) + sizeof(std::int64_t);
      texts_.insert({begin, text.size(), sought.hash, static_cast<std::int64_t>(texts_.size())});
    }
    put_tagged(Tag::string, static_cast<std::int64_t>(text.size()));
    bytes_.append(text);
  }

  ObjectHooks& hooks_;
  std::string bytes_;
  std::vector<Walk> walks_;
  // States that were made for this, and their objects: both stay until the end, so that no address comes twice.
  std::deque<Array> states_;
  std::vector<std::shared_ptr<Object>> kept_;
  std::unordered_map<const void*, std::int64_t> seen_;
  // By where they stand in the bytes: the value's own strings may be gone once a hook ran.
  std::unordered_set<WrittenText, TextHash, TextEqual> texts_{0, TextHash(), TextEqual{bytes_}};
  std::int64_t objects_ = 0;
  std::int64_t references_ = 0;
  StoreType store_type_ = StoreType::shared_graph;
};

StoredValue encoded_scalar(const Value& value) {
  StoredValue stored;
  stored.kind = kind_of(value.type());
  if (value.is_bool()) stored.scalar = value.as_bool() ? 1 : 0;
  if (value.is_int()) stored.scalar = static_cast<std::uint64_t>(value.as_int());
  if (value.is_float()) stored.scalar = std::bit_cast<std::uint64_t>(value.as_float());
  return stored;
}

}  // namespace

bool is_same(const StoredValue& left, const StoredValue& right) {
  const ValueType type = value_type_of(left.kind);
  const std::size_t head = type == ValueType::array || type == ValueType::object ? value_format::kHeadBytes : 0;
  return left.kind == right.kind && left.scalar == right.scalar &&
         std::string_view(left.bytes).substr(head) == std::string_view(right.bytes).substr(head);
}

bool is_forbidden(const Value& value) {
  const Value& resolved = value.resolve();
  if (!resolved.is_object()) return false;
  const ObjectKind kind = resolved.as_object()->kind;
  return kind == ObjectKind::closure || kind == ObjectKind::resource;
}

Expected<StoredValue> encode_value(const Value& value, ObjectHooks& hooks) {
  const Value& resolved = value.resolve();
  if (is_scalar(resolved.type())) return encoded_scalar(resolved);
  StoredValue stored;
  stored.has_bytes = true;
  if (resolved.is_string()) {
    stored.kind = kind_of(ValueType::string);
    stored.bytes = resolved.as_string();
    return stored;
  }
  Encoder encoder(hooks);
  // Held: a hook may let the last one who has it go.
  const Value held = resolved;
  ASSAY_TRY(encoder.run(held));
  stored.kind = kind_of(resolved.type(), encoder.store_type());
  stored.bytes = std::move(encoder.bytes());
  return stored;
}

}  // namespace assay::reference
