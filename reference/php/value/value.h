#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace assay::reference {

class Array;
class DeepDisposer;
struct Object;
struct Reference;

// The order of the enumerators is the order of the alternatives in Value's storage.
enum class ValueType : std::uint8_t { null, boolean, integer, real, string, array, object, reference };

// A run-time value of the reference, with PHP's copy semantics: scalars, byte strings and arrays are values (arrays are
// copied on the first write to a shared copy), objects and references are handles that copies share.
//
// A reference (`&`) is a value of its own kind that stands in a variable, array element or property; everything that
// reads a slot looks through it with resolve().
//
// Ownership: a Value owns what it holds. Destruction never recurses deeper than one level, however deep the nesting; a
// cycle through objects or references is not freed by itself: see Heap. Not thread-safe: a value belongs to one worker.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}
  template <typename T>
  requires std::is_arithmetic_v<T> Value(T scalar) {
    if constexpr (std::is_same_v<T, bool>) {
      storage_ = scalar;
    } else if constexpr (std::is_floating_point_v<T>) {
      storage_ = static_cast<double>(scalar);
    } else {
      storage_ = static_cast<std::int64_t>(scalar);
    }
  }
  Value(std::string bytes) : storage_(std::move(bytes)) {}
  Value(std::string_view bytes) : storage_(std::string(bytes)) {}
  Value(const char* text) : storage_(std::string(text)) {}
  Value(Array array);
  Value(std::shared_ptr<Object> object) : storage_(std::move(object)) {}
  Value(std::shared_ptr<Reference> reference) : storage_(std::move(reference)) {}

  ValueType type() const { return static_cast<ValueType>(storage_.index()); }
  bool is_null() const { return type() == ValueType::null; }
  bool is_bool() const { return type() == ValueType::boolean; }
  bool is_int() const { return type() == ValueType::integer; }
  bool is_float() const { return type() == ValueType::real; }
  bool is_string() const { return type() == ValueType::string; }
  bool is_array() const { return type() == ValueType::array; }
  bool is_object() const { return type() == ValueType::object; }
  bool is_reference() const { return type() == ValueType::reference; }

  // Each of these requires the matching type.
  bool as_bool() const { return *std::get_if<bool>(&storage_); }
  std::int64_t as_int() const { return *std::get_if<std::int64_t>(&storage_); }
  double as_float() const { return *std::get_if<double>(&storage_); }
  const std::string& as_string() const { return *std::get_if<std::string>(&storage_); }
  std::string& mutable_string() { return *std::get_if<std::string>(&storage_); }
  const Array& as_array() const { return **std::get_if<std::shared_ptr<Array>>(&storage_); }
  const std::shared_ptr<Object>& as_object() const { return *std::get_if<std::shared_ptr<Object>>(&storage_); }
  const std::shared_ptr<Reference>& as_reference() const { return *std::get_if<std::shared_ptr<Reference>>(&storage_); }

  // The array for writing: separated first when another value shares it. The address stays valid until the next copy.
  Array& mutable_array();

  // The value itself, or what the reference in it (one level; references never nest) holds.
  const Value& resolve() const;
  Value& resolve();

  // Identity of the shared array storage, for graph walks that keep sharing; equal for copies not yet written to.
  const Array* array_identity() const { return std::get_if<std::shared_ptr<Array>>(&storage_)->get(); }

 private:
  friend class DeepDisposer;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<Array>, std::shared_ptr<Object>,
               std::shared_ptr<Reference>>
      storage_;
};

// An array key: an int, or a byte string that is not the decimal text of an int.
class ArrayKey {
 public:
  ArrayKey(std::int64_t number) : storage_(number) {}
  // Normalises as PHP does: "5" and "-5" become ints, "05", "-0" and "5.0" stay strings.
  static ArrayKey from_string(std::string_view text);
  // Takes the bytes as they are: for property names, which are never ints.
  static ArrayKey verbatim(std::string_view text);

  bool is_int() const { return storage_.index() == 0; }
  std::int64_t as_int() const { return *std::get_if<std::int64_t>(&storage_); }
  const std::string& as_string() const { return *std::get_if<std::string>(&storage_); }
  bool operator==(const ArrayKey&) const = default;
  std::size_t hash() const;
  Value to_value() const;

 private:
  explicit ArrayKey(std::string text) : storage_(std::move(text)) {}
  std::variant<std::int64_t, std::string> storage_;
};

// PHP's array: an ordered map from int and string keys to values, with the next free index that `[]=` uses (one above
// the greatest int key ever set, at least 0; it does not fall when elements are removed).
//
// Elements have positions, which rise in insertion order and may have gaps after a removal: use first()/next() to walk.
class Array {
 public:
  struct Element {
    ArrayKey key;
    Value value;
    bool live = true;

    explicit Element(ArrayKey k) : key(std::move(k)) {}
    Element(ArrayKey k, Value v) : key(std::move(k)), value(std::move(v)) {}
    template <typename T>
    requires std::is_arithmetic_v<T> Element(std::int64_t index, T scalar) : key(index), value(scalar) {}
  };

  Array() = default;
  Array(const Array&) = default;
  // What was moved from is an empty array.
  Array(Array&& other) noexcept;
  Array& operator=(const Array&) = default;
  Array& operator=(Array&& other) noexcept;
  ~Array();

  std::size_t size() const { return live_; }
  bool empty() const { return live_ == 0; }

  const Value* find(const ArrayKey& key) const;
  Value* find(const ArrayKey& key);
  // The slot of the key; a null is appended when the key is new.
  Value& operator[](const ArrayKey& key);
  void set(ArrayKey key, Value value) { slot_of(std::move(key)) = std::move(value); }
  void set(std::string_view key, Value value) { (*this)[ArrayKey::from_string(key)] = std::move(value); }
  // `[]=`: the new slot, or nullptr when the greatest int is a key already.
  Value* append(Value value);
  bool erase(const ArrayKey& key);

  // What `[]=` uses: one more than the greatest int key so far, also where that is negative; kNoIndex before the first
  // one, which counts as 0. The literal [] begins with 0: after a negative key it goes on with 0.
  static constexpr std::int64_t kNoIndex = std::numeric_limits<std::int64_t>::min();
  std::int64_t next_free_index() const { return next_free_; }
  void set_next_free_index(std::int64_t index) { next_free_ = index; }
  bool is_list() const;
  void reserve(std::size_t elements) { elements_.reserve(elements); }
  // [0 => number(), 1 => number(), ...]. Of many numbers in a third of the time that it takes to append them.
  template <typename Number>
  static Array list_of(std::size_t count, Number number);

  // Positions: first() and next() answer end() when there is none left. A position of a removed element is skipped.
  std::size_t first() const { return skip(0); }
  std::size_t next(std::size_t position) const { return skip(position + 1); }
  std::size_t end() const { return elements_.size(); }
  const Element& at(std::size_t position) const { return elements_[position]; }
  Value& value_at(std::size_t position) { return elements_[position].value; }

 private:
  friend class DeepDisposer;

  std::size_t skip(std::size_t position) const {
    while (position < elements_.size() && !elements_[position].live) ++position;
    return position < elements_.size() ? position : elements_.size();
  }
  std::size_t position_of(const ArrayKey& key) const;
  Value& slot_of(ArrayKey key);
  void make_indexed();
  void note_in_index(std::size_t position);
  void compact();

  // So many elements are looked through as fast as an index.
  static constexpr std::size_t kUnindexed = 8;

  std::vector<Element> elements_;
  // By the key's hash and, where that is taken, in the places behind: one more than the position, 0 for none. At most half
  // full; removed elements keep their places. Empty while packed, when element i has key i and none is removed, and while
  // there are few elements.
  std::vector<std::uint32_t> index_;
  bool packed_ = true;
  std::size_t live_ = 0;
  std::int64_t next_free_ = kNoIndex;
};

template <typename Number>
Array Array::list_of(std::size_t count, Number number) {
  Array list;
  list.elements_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) list.elements_.emplace_back(static_cast<std::int64_t>(i), number());
  list.live_ = count;
  if (count > 0) list.next_free_ = static_cast<std::int64_t>(count);
  return list;
}

// What an object is to the caches: only kPlain has state of its own; an enum case is known by class and case name; a
// closure cannot be stored anywhere, nor can a resource, which is no object of PHP's but stands here as one.
enum class ObjectKind : std::uint8_t { plain, enum_case, closure, resource };

// An object. Identity is the address; `id` is what PHP prints after `#`. Properties are in declaration order, then in
// order of creation; their keys are verbatim. An enum case has the properties `name` and, when backed, `value`.
//
// Ids are given by a Heap, which gives the id of a dead object to the next new one; a copy of an object has the same id
// in name only.
struct Object {
  std::string class_name;
  std::uint64_t id = 0;
  ObjectKind kind = ObjectKind::plain;
  Array properties;

  Object(std::string name, std::uint64_t number, ObjectKind what = ObjectKind::plain)
      : class_name(std::move(name)), id(number), kind(what) {}
  ~Object();
  Object(const Object& other)
      : class_name(other.class_name), id(other.id), kind(other.kind), properties(other.properties) {}
  Object& operator=(const Object&) = delete;

 private:
  friend class Heap;
  friend class DeepDisposer;
  using Departed = std::vector<std::shared_ptr<Object>>;
  std::shared_ptr<std::vector<std::uint64_t>> free_ids_;  // where the id goes when the object dies
  std::shared_ptr<Departed> departed_;                    // where what it was goes before that; see Heap
};

// The shared slot behind `&`. Its value is never itself a reference.
struct Reference {
  Value value;
  ~Reference();
};

// Makes the objects and references of one request and, when destroyed, empties those that still live, so that cycles
// are freed: copy out what must survive before. Objects are numbered from 1.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap();

  std::shared_ptr<Object> new_object(std::string class_name, ObjectKind kind = ObjectKind::plain);
  // Numbers an object made elsewhere and frees its cycles, too.
  void adopt(const std::shared_ptr<Object>& object);
  std::shared_ptr<Reference> new_reference(Value value);

  // When nobody holds the object any more, what it was is not lost but waits to be taken, once: for destructors.
  void keep_departed(Object& object) { object.departed_ = departed_; }
  bool has_departed() const { return !departed_->empty(); }
  // In the order of their ends. They have their ids still, and die for good when they are let go again.
  std::vector<std::shared_ptr<Object>> take_departed();
  // Those that live and would be kept, in the order of their creation; from here on they are not.
  std::vector<std::shared_ptr<Object>> release_kept();
  // Makes the slot a reference if it is not one yet, and answers it.
  std::shared_ptr<Reference> share(Value& slot);

 private:
  void number(Object& object);

  std::shared_ptr<Object::Departed> departed_ = std::make_shared<Object::Departed>();
  std::uint64_t next_id_ = 1;
  std::shared_ptr<std::vector<std::uint64_t>> free_ids_ = std::make_shared<std::vector<std::uint64_t>>();
  std::vector<std::weak_ptr<Object>> objects_;
  std::vector<std::weak_ptr<Reference>> references_;
};

// `===`: same type and value; arrays with the same pairs in the same order; the same object.
bool identical(const Value& left, const Value& right);

}  // namespace assay::reference
