#include "reference/static_cache/value_codec.h"

#include <bit>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace assay::reference {
namespace {

// One byte before each value or key.
struct Tag {
  enum Byte : char {
    null = 'n',
    false_ = 'f',
    true_ = 't',
    integer = 'i',          // 8 bytes
    real = 'd',             // 8 bytes
    string = 's',           // size, bytes
    array = 'a',            // next free index, number of elements, elements (key, value)
    object = 'o',           // class name, kind, then as an array: its properties
    reference = 'r',        // a value
    known_object = 'O',     // number of the object in this value
    known_reference = 'R',  // number of the reference
  };
};

bool is_scalar(ValueType type) {
  return type == ValueType::null || type == ValueType::boolean || type == ValueType::integer || type == ValueType::real;
}

class Encoder {
 public:
  // False when there is a closure inside.
  bool run(const Value& value) {
    put(value);
    while (legal_ && !walks_.empty()) step();
    return legal_;
  }
  std::string& bytes() { return bytes_; }

 private:
  struct Walk {
    const Array* array;
    std::size_t position;
  };

  void step() {
    Walk& walk = walks_.back();
    if (walk.position == walk.array->end()) {
      walks_.pop_back();
      return;
    }
    const Array::Element& element = walk.array->at(walk.position);
    walk.position = walk.array->next(walk.position);
    if (element.key.is_int()) {
      put_tagged(Tag::integer, element.key.as_int());
    } else {
      put_text(element.key.as_string());
    }
    put(element.value);
  }

  void put(const Value& value) {
    switch (value.type()) {
      case ValueType::null:
        return put_tag(Tag::null);
      case ValueType::boolean:
        return put_tag(value.as_bool() ? Tag::true_ : Tag::false_);
      case ValueType::integer:
        return put_tagged(Tag::integer, value.as_int());
      case ValueType::real:
        return put_tagged(Tag::real, std::bit_cast<std::int64_t>(value.as_float()));
      case ValueType::string:
        return put_text(value.as_string());
      case ValueType::array:
        put_tag(Tag::array);
        return put_elements(value.as_array());
      case ValueType::object:
        return put_object(value.as_object());
      case ValueType::reference:
        return put_reference(value.as_reference());
    }
  }

  void put_object(const std::shared_ptr<Object>& object) {
    if (const auto known = seen_.find(object.get()); known != seen_.end()) {
      return put_tagged(Tag::known_object, known->second);
    }
    if (object->kind == ObjectKind::closure) {
      legal_ = false;
      return;
    }
    seen_.emplace(object.get(), objects_++);
    put_tag(Tag::object);
    put_text(object->class_name);
    bytes_.push_back(static_cast<char>(object->kind));
    put_elements(object->properties);
  }

  void put_reference(const std::shared_ptr<Reference>& reference) {
    if (reference.use_count() == 1) return put(reference->value);
    if (const auto known = seen_.find(reference.get()); known != seen_.end()) {
      return put_tagged(Tag::known_reference, known->second);
    }
    seen_.emplace(reference.get(), references_++);
    put_tag(Tag::reference);
    put(reference->value);
  }

  void put_elements(const Array& array) {
    put_number(array.next_free_index());
    put_number(static_cast<std::int64_t>(array.size()));
    walks_.push_back({&array, array.first()});
  }

  void put_tag(Tag::Byte tag) { bytes_.push_back(tag); }
  void put_number(std::int64_t number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void put_tagged(Tag::Byte tag, std::int64_t number) {
    put_tag(tag);
    put_number(number);
  }
  void put_text(std::string_view text) {
    put_tagged(Tag::string, static_cast<std::int64_t>(text.size()));
    bytes_.append(text);
  }

  std::string bytes_;
  std::vector<Walk> walks_;
  std::unordered_map<const void*, std::int64_t> seen_;
  std::int64_t objects_ = 0;
  std::int64_t references_ = 0;
  bool legal_ = true;
};

class Decoder {
 public:
  Decoder(std::string_view bytes, Heap& heap) : rest_(bytes), heap_(heap) {}

  std::optional<Value> run() {
    while (!result_ && !failed_) step();
    if (failed_ || !rest_.empty()) return std::nullopt;
    return std::move(result_);
  }

 private:
  // A value that is being put together: an array, an object's properties, or what a reference holds.
  struct Frame {
    Array elements;
    std::int64_t missing = 0;
    std::int64_t next_free = 0;
    std::optional<ArrayKey> key;
    std::shared_ptr<Object> object;
    std::shared_ptr<Reference> reference;
  };

  void step() {
    if (!frames_.empty() && frames_.back().missing == 0) return finish_frame();
    if (!frames_.empty() && frames_.back().reference == nullptr && !frames_.back().key) return read_key();
    read_value();
  }

  void read_key() {
    switch (byte()) {
      case Tag::integer:
        frames_.back().key = ArrayKey(number());
        return;
      case Tag::string:
        frames_.back().key = ArrayKey::verbatim(text());
        return;
      default:
        failed_ = true;
    }
  }

  void read_value() {
    switch (byte()) {
      case Tag::null:
        return deliver(Value());
      case Tag::false_:
        return deliver(Value(false));
      case Tag::true_:
        return deliver(Value(true));
      case Tag::integer:
        return deliver(Value(number()));
      case Tag::real:
        return deliver(Value(std::bit_cast<double>(number())));
      case Tag::string:
        return deliver(Value(std::string(text())));
      case Tag::array:
        return open_elements(nullptr);
      case Tag::object:
        return open_object();
      case Tag::reference:
        return open_reference();
      case Tag::known_object:
        return deliver_known(objects_);
      case Tag::known_reference:
        return deliver_known(references_);
      default:
        failed_ = true;
    }
  }

  void open_elements(std::shared_ptr<Object> object) {
    Frame frame;
    frame.next_free = number();
    frame.missing = number();
    frame.object = std::move(object);
    if (frame.missing < 0) failed_ = true;
    frames_.push_back(std::move(frame));
  }

  void open_object() {
    if (byte() != Tag::string) failed_ = true;
    std::string name(text());
    const auto kind = static_cast<ObjectKind>(byte());
    objects_.push_back(heap_.new_object(std::move(name), kind));
    open_elements(objects_.back());
  }

  void open_reference() {
    Frame frame;
    frame.missing = 1;
    frame.reference = heap_.new_reference(Value());
    references_.push_back(frame.reference);
    frames_.push_back(std::move(frame));
  }

  void finish_frame() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.reference != nullptr) return deliver(Value(std::move(frame.reference)));
    frame.elements.set_next_free_index(frame.next_free);
    if (frame.object == nullptr) return deliver(Value(std::move(frame.elements)));
    frame.object->properties = std::move(frame.elements);
    deliver(Value(std::move(frame.object)));
  }

  void deliver(Value value) {
    if (frames_.empty()) {
      result_ = std::move(value);
      return;
    }
    Frame& frame = frames_.back();
    --frame.missing;
    if (frame.reference != nullptr) {
      frame.reference->value = std::move(value);
    } else {
      frame.elements.set(*frame.key, std::move(value));
      frame.key.reset();
    }
  }

  template <class T>
  void deliver_known(const std::vector<std::shared_ptr<T>>& known) {
    const auto index = static_cast<std::uint64_t>(number());
    if (index >= known.size()) {
      failed_ = true;
    } else {
      deliver(Value(known[index]));
    }
  }

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  char byte() {
    const std::string_view taken = take(1);
    return taken.empty() ? '\0' : taken[0];
  }
  std::int64_t number() {
    std::int64_t number = 0;
    if (const std::string_view taken = take(sizeof number); !taken.empty()) {
      std::memcpy(&number, taken.data(), sizeof number);
    }
    return number;
  }
  std::string_view text() { return take(static_cast<std::uint64_t>(number())); }

  std::string_view rest_;
  Heap& heap_;
  std::vector<Frame> frames_;
  std::vector<std::shared_ptr<Object>> objects_;
  std::vector<std::shared_ptr<Reference>> references_;
  std::optional<Value> result_;
  bool failed_ = false;
};

}  // namespace

Expected<StoredValue> encode_value(const Value& value) {
  const Value& resolved = value.resolve();
  StoredValue stored;
  stored.kind = static_cast<std::uint8_t>(resolved.type());
  if (is_scalar(resolved.type())) {
    if (resolved.is_bool()) stored.scalar = resolved.as_bool() ? 1 : 0;
    if (resolved.is_int()) stored.scalar = static_cast<std::uint64_t>(resolved.as_int());
    if (resolved.is_float()) stored.scalar = std::bit_cast<std::uint64_t>(resolved.as_float());
    return stored;
  }
  stored.has_bytes = true;
  if (resolved.is_string()) {
    stored.bytes = resolved.as_string();
    return stored;
  }
  Encoder encoder;
  if (!encoder.run(resolved)) return failure("a value that contains a closure cannot be stored: leave the closure out");
  stored.bytes = std::move(encoder.bytes());
  return stored;
}

Expected<Value> decode_value(const StoredValue& stored, Heap& heap) {
  switch (static_cast<ValueType>(stored.kind)) {
    case ValueType::null:
      return Value();
    case ValueType::boolean:
      return Value(stored.scalar != 0);
    case ValueType::integer:
      return Value(static_cast<std::int64_t>(stored.scalar));
    case ValueType::real:
      return Value(std::bit_cast<double>(stored.scalar));
    case ValueType::string:
      return Value(stored.bytes);
    default:
      break;
  }
  if (auto value = Decoder(stored.bytes, heap).run()) return std::move(*value);
  return failure("a stored value of the data cache is damaged: delete its key");
}

}  // namespace assay::reference
