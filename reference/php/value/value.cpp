#include "reference/php/value/value.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>
#include <limits>

namespace assay::reference {

// Destroying a million nested arrays one inside the other would need as many stack frames. The disposer moves the
// contents of everything that only the dying value owns into a flat list and frees it from there.
class DeepDisposer {
 public:
  static void dispose(Array& array) {
    std::vector<Value> pending;
    take(array, pending);
    while (!pending.empty()) {
      Value value = std::move(pending.back());
      pending.pop_back();
      open(value, pending);
    }
  }

  static void dispose(Value& value) {
    if (!holds_more(value)) return;
    std::vector<Value> pending;
    pending.push_back(std::move(value));
    value = Value();
    while (!pending.empty()) {
      Value next = std::move(pending.back());
      pending.pop_back();
      open(next, pending);
    }
  }

 private:
  static bool holds_more(const Value& value) { return value.is_array() || value.is_object() || value.is_reference(); }

  static void take(Array& array, std::vector<Value>& pending) {
    // The first one is the first to be taken from the end of the list.
    for (auto element = array.elements_.rbegin(); element != array.elements_.rend(); ++element) {
      if (holds_more(element->value)) pending.push_back(std::move(element->value));
    }
    array.elements_.clear();
  }

  static void open(Value& value, std::vector<Value>& pending) {
    if (value.is_array()) {
      take_sole(value, pending);
    } else if (value.is_object() && value.as_object().use_count() == 1 && !value.as_object()->departed_) {
      take(value.as_object()->properties, pending);
    } else if (value.is_reference() && value.as_reference().use_count() == 1) {
      Value inner = std::move(value.as_reference()->value);
      value.as_reference()->value = Value();
      if (holds_more(inner)) pending.push_back(std::move(inner));
    }
  }

  static void take_sole(Value& value, std::vector<Value>& pending) {
    auto* holder = std::get_if<std::shared_ptr<Array>>(&value.storage_);
    if (holder->use_count() == 1) take(**holder, pending);
  }
};

Value::Value(Array array) : storage_(std::make_shared<Array>(std::move(array))) {}

Array& Value::mutable_array() {
  auto& holder = *std::get_if<std::shared_ptr<Array>>(&storage_);
  if (holder.use_count() > 1) holder = std::make_shared<Array>(*holder);
  return *holder;
}

const Value& Value::resolve() const {
  return is_reference() ? as_reference()->value : *this;
}
Value& Value::resolve() {
  return is_reference() ? as_reference()->value : *this;
}

ArrayKey ArrayKey::verbatim(std::string_view text) {
  return ArrayKey(std::string(text));
}

ArrayKey ArrayKey::from_string(std::string_view text) {
  if (text.empty() || text.size() > 20 || !(text[0] == '-' || (text[0] >= '0' && text[0] <= '9')))
    return verbatim(text);
  const std::string_view digits = text[0] == '-' ? text.substr(1) : text;
  if (digits.empty() || (digits[0] == '0' && text.size() > 1)) return verbatim(text);
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return verbatim(text);
  // The least int stays a string: its digits without the sign are no int.
  if (number == std::numeric_limits<std::int64_t>::min()) return verbatim(text);
  return ArrayKey(number);
}

std::size_t ArrayKey::hash() const {
  return is_int() ? std::hash<std::int64_t>()(as_int()) : std::hash<std::string>()(as_string());
}

Value ArrayKey::to_value() const {
  return is_int() ? Value(as_int()) : Value(as_string());
}

Array::Array(Array&& other) noexcept
    : elements_(std::move(other.elements_)),
      index_(std::move(other.index_)),
      packed_(std::exchange(other.packed_, true)),
      live_(std::exchange(other.live_, 0)),
      next_free_(std::exchange(other.next_free_, kNoIndex)) {
  other.elements_.clear();
  other.index_.clear();
}

Array& Array::operator=(Array&& other) noexcept {
  if (this == &other) return *this;
  Array dying(std::move(*this));
  elements_.swap(other.elements_);
  index_.swap(other.index_);
  std::swap(packed_, other.packed_);
  std::swap(live_, other.live_);
  std::swap(next_free_, other.next_free_);
  return *this;
}

Array::~Array() {
  if (!elements_.empty()) DeepDisposer::dispose(*this);
}

namespace {

// Of a power of two places: by the upper half of a product, so that neither a pattern of ints nor one of low bits crowds.
std::size_t first_place(const ArrayKey& key, std::size_t places) {
  return (key.hash() * 0x9e3779b97f4a7c15U >> 32) & (places - 1);
}

}  // namespace

std::size_t Array::position_of(const ArrayKey& key) const {
  if (packed_) {
    if (!key.is_int() || key.as_int() < 0 || static_cast<std::size_t>(key.as_int()) >= elements_.size()) return end();
    return static_cast<std::size_t>(key.as_int());
  }
  if (index_.empty()) {
    const auto is_it = [&](const Element& element) { return element.live && element.key == key; };
    return static_cast<std::size_t>(std::find_if(elements_.begin(), elements_.end(), is_it) - elements_.begin());
  }
  for (std::size_t place = first_place(key, index_.size());; place = (place + 1) % index_.size()) {
    if (index_[place] == 0) return end();
    const Element& element = elements_[index_[place] - 1];
    if (element.live && element.key == key) return index_[place] - 1;
  }
}

const Value* Array::find(const ArrayKey& key) const {
  const std::size_t position = position_of(key);
  return position == end() ? nullptr : &elements_[position].value;
}

Value* Array::find(const ArrayKey& key) {
  const std::size_t position = position_of(key);
  return position == end() ? nullptr : &elements_[position].value;
}

Value& Array::operator[](const ArrayKey& key) {
  return slot_of(key);
}

Value& Array::slot_of(ArrayKey key) {
  if (Value* existing = find(key)) return *existing;
  const bool continues =
      key.is_int() && key.as_int() >= 0 && static_cast<std::size_t>(key.as_int()) == elements_.size();
  if (packed_ && !continues) make_indexed();
  if (!packed_ && elements_.size() > 32 && live_ < elements_.size() / 2) compact();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (key.is_int() && key.as_int() >= next_free_) next_free_ = key.as_int() == kMost ? kMost : key.as_int() + 1;
  elements_.emplace_back(std::move(key));
  ++live_;
  if (!packed_) note_in_index(elements_.size() - 1);
  return elements_.back().value;
}

Value* Array::append(Value value) {
  const ArrayKey key(next_free_ == kNoIndex ? 0 : next_free_);
  if (packed_ && static_cast<std::size_t>(key.as_int()) == elements_.size()) {
    next_free_ = key.as_int() + 1;
    ++live_;
    return &elements_.emplace_back(key, std::move(value)).value;
  }
  if (find(key) != nullptr) return nullptr;
  Value& slot = (*this)[key];
  slot = std::move(value);
  return &slot;
}

bool Array::erase(const ArrayKey& key) {
  if (position_of(key) == end()) return false;
  if (packed_) make_indexed();
  const std::size_t position = position_of(key);
  elements_[position].value = Value();
  elements_[position].live = false;
  --live_;
  return true;
}

bool Array::is_list() const {
  if (packed_) return true;
  std::int64_t expected = 0;
  for (std::size_t at_position = first(); at_position != end(); at_position = next(at_position)) {
    const ArrayKey& key = elements_[at_position].key;
    if (!key.is_int() || key.as_int() != expected++) return false;
  }
  return true;
}

void Array::make_indexed() {
  packed_ = false;
  index_.clear();
  if (elements_.size() <= kUnindexed) return;
  index_.resize(std::bit_ceil(4 * elements_.size()));
  for (std::size_t position = 0; position < elements_.size(); ++position) note_in_index(position);
}

void Array::note_in_index(std::size_t position) {
  if (2 * elements_.size() > std::max(index_.size(), 2 * kUnindexed)) return make_indexed();
  if (index_.empty()) return;
  std::size_t place = first_place(elements_[position].key, index_.size());
  while (index_[place] != 0) place = (place + 1) % index_.size();
  index_[place] = static_cast<std::uint32_t>(position + 1);
}

void Array::compact() {
  std::erase_if(elements_, [](const Element& element) { return !element.live; });
  make_indexed();
}

Object::~Object() {
  if (departed_) {
    auto former = std::make_shared<Object>(std::move(class_name), id, kind);
    former->properties = std::move(properties);
    former->free_ids_ = std::move(free_ids_);
    departed_->push_back(std::move(former));
  }
  if (free_ids_) free_ids_->push_back(id);
}
Reference::~Reference() {
  DeepDisposer::dispose(value);
}

Heap::~Heap() {
  release_kept();
  for (auto& weak : references_) {
    if (auto reference = weak.lock()) reference->value = Value();
  }
  for (auto& weak : objects_) {
    if (auto object = weak.lock()) object->properties = Array();
  }
}

namespace {

// Forgets the dead from time to time, so that a long loop of short-lived objects does not grow the list for ever.
template <typename T>
void remember(std::vector<std::weak_ptr<T>>& list, const std::shared_ptr<T>& item) {
  if (list.size() == list.capacity() && !list.empty()) {
    std::erase_if(list, [](const std::weak_ptr<T>& weak) { return weak.expired(); });
    if (list.size() > list.capacity() / 2) list.reserve(list.capacity() * 2);
  }
  list.push_back(item);
}

}  // namespace

std::shared_ptr<Object> Heap::new_object(std::string class_name, ObjectKind kind) {
  auto object = std::make_shared<Object>(std::move(class_name), 0, kind);
  number(*object);
  remember(objects_, object);
  return object;
}

void Heap::number(Object& object) {
  object.free_ids_ = free_ids_;
  if (free_ids_->empty()) {
    object.id = next_id_++;
  } else {
    object.id = free_ids_->back();
    free_ids_->pop_back();
  }
}

void Heap::adopt(const std::shared_ptr<Object>& object) {
  number(*object);
  remember(objects_, object);
}

std::vector<std::shared_ptr<Object>> Heap::take_departed() {
  std::vector<std::shared_ptr<Object>> taken = std::exchange(*departed_, {});
  for (const auto& object : taken) remember(objects_, object);
  return taken;
}

std::vector<std::shared_ptr<Object>> Heap::release_kept() {
  std::vector<std::shared_ptr<Object>> released;
  for (const auto& weak : objects_) {
    auto object = weak.lock();
    if (!object || !object->departed_) continue;
    object->departed_.reset();
    released.push_back(std::move(object));
  }
  return released;
}

std::shared_ptr<Reference> Heap::new_reference(Value value) {
  auto reference = std::make_shared<Reference>();
  reference->value = std::move(value);
  remember(references_, reference);
  return reference;
}

std::shared_ptr<Reference> Heap::share(Value& slot) {
  if (!slot.is_reference()) {
    Value inner = std::move(slot);
    slot = Value(new_reference(std::move(inner)));
  }
  return slot.as_reference();
}

namespace {

bool identical_arrays(const Array& left, const Array& right, int depth);

bool identical_at(const Value& a, const Value& b, int depth) {
  const Value& left = a.resolve();
  const Value& right = b.resolve();
  if (left.type() != right.type()) return false;
  switch (left.type()) {
    case ValueType::null:
      return true;
    case ValueType::boolean:
      return left.as_bool() == right.as_bool();
    case ValueType::integer:
      return left.as_int() == right.as_int();
    case ValueType::real:
      return left.as_float() == right.as_float();
    case ValueType::string:
      return left.as_string() == right.as_string();
    case ValueType::array:
      return left.array_identity() == right.array_identity() ||
             identical_arrays(left.as_array(), right.as_array(), depth);
    case ValueType::object:
      return left.as_object() == right.as_object();
    case ValueType::reference:
      break;
  }
  return false;
}

bool identical_arrays(const Array& left, const Array& right, int depth) {
  constexpr int kMostDepth = 1000;
  if (depth > kMostDepth || left.size() != right.size()) return false;
  std::size_t i = left.first();
  std::size_t j = right.first();
  for (; i != left.end(); i = left.next(i), j = right.next(j)) {
    if (left.at(i).key != right.at(j).key || !identical_at(left.at(i).value, right.at(j).value, depth + 1))
      return false;
  }
  return true;
}

}  // namespace

bool identical(const Value& left, const Value& right) {
  return identical_at(left, right, 0);
}

}  // namespace assay::reference
