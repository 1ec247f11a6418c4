#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/static_cache/value_codec.h"
#include "reference/static_cache/value_format.h"

namespace assay::reference {
namespace {

using value_format::Tag;

tl::unexpected<Error> exhausted(std::uint64_t most, std::uint64_t wanted) {
  return failure("Allowed memory size of " + std::to_string(most) + " bytes exhausted (tried to allocate " +
                     std::to_string(wanted) + " bytes)",
                 kRequestMemoryExhausted);
}

// What values need in PHP, without the values in them.
constexpr std::uint64_t kTextBytes = 24, kArrayBytes = 56, kElementBytes = 32, kObjectBytes = 40, kPropertyBytes = 16;

class Decoder {
 public:
  Decoder(std::string_view bytes, Heap& heap, ObjectHooks& hooks, const SharedParts* known = nullptr)
      : bytes_(bytes), rest_(bytes), heap_(heap), hooks_(hooks), known_(known), most_bytes_(hooks.most_bytes()) {}

  Expected<Value> run() {
    take(value_format::kHeadBytes);
    while (!result_ && !failed_ && !refusal_) step();
    if (refusal_) return tl::unexpected(std::move(*refusal_));
    if (failed_ || !rest_.empty()) return failure("a stored value of the static cache is damaged: delete its key");
    for (auto& [object, state] : complete_) ASSAY_TRY(hooks_.restore(object, std::move(state)));
    return std::move(*result_);
  }
  // Of the copy that was made without any.
  SharedParts take_parts() {
    parts_.request_bytes = used_bytes_;
    return std::move(parts_);
  }

 private:
  // A value that is being put together: an array, an object's properties, or what a reference holds.
  struct Frame {
    Array elements;
    bool has_keys = true;
    std::int64_t missing = 0;
    std::int64_t next_free = 0;
    std::optional<ArrayKey> key;
    std::shared_ptr<Object> object;
    std::shared_ptr<Reference> reference;
    std::size_t begin = 0;       // of an array, in the bytes
    std::size_t identities = 0;  // that were met before it
  };

  void step() {
    if (!frames_.empty() && frames_.back().missing == 0) return finish_frame();
    if (!frames_.empty() && frames_.back().has_keys && !frames_.back().key) return read_key();
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
      case Tag::known_string:
        frames_.back().key = ArrayKey::verbatim(known_text());
        return;
      default:
        failed_ = true;
    }
  }

  void read_value() {
    if (known_ != nullptr && next_known_ < known_->arrays.size() && position() == known_->arrays[next_known_].begin)
      return deliver_known_array();
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
        return deliver_text(text());
      case Tag::known_string:
        return deliver_text(known_text());
      case Tag::array:
        return open_elements(nullptr);
      case Tag::list:
        return open_list();
      case Tag::integers:
        return deliver_numbers<std::int64_t>();
      case Tag::reals:
        return deliver_numbers<double>();
      case Tag::object:
        return open_object();
      case Tag::enum_case:
        return deliver_enum_case();
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
    frame.begin = position() - 1;  // its tag
    frame.identities = identities_;
    frame.next_free = number();
    frame.missing = number();
    frame.object = std::move(object);
    if (frame.missing < 0 || static_cast<std::uint64_t>(frame.missing) > rest_.size()) {
      failed_ = true;
      return;
    }
    const auto count = static_cast<std::uint64_t>(frame.missing);
    charge(frame.object ? kObjectBytes + kPropertyBytes * count : kArrayBytes + kElementBytes * count);
    if (!refusal_) frame.elements.reserve(count);
    frames_.push_back(std::move(frame));
  }

  void open_list() {
    open_elements(nullptr);
    if (!failed_) frames_.back().has_keys = false;
  }

  template <class Number>
  void deliver_numbers() {
    const std::size_t begin = position() - 1;
    const std::int64_t next_free = number();
    const auto count = static_cast<std::uint64_t>(number());
    if (count > rest_.size() / sizeof(std::int64_t)) failed_ = true;
    if (failed_) return;
    charge(kArrayBytes + kElementBytes * count);
    if (refusal_) return;
    Array list = Array::list_of(count, [this] { return std::bit_cast<Number>(number()); });
    list.set_next_free_index(next_free);
    deliver_plain(begin, Value(std::move(list)));
  }

  // Those inside it go with it.
  void deliver_plain(std::size_t begin, Value value) {
    if (known_ == nullptr) {
      while (!parts_.arrays.empty() && parts_.arrays.back().begin > begin) parts_.arrays.pop_back();
      parts_.arrays.push_back({begin, position(), value});
    }
    deliver(std::move(value));
  }

  void deliver_known_array() {
    const SharedParts::PlainArray& array = known_->arrays[next_known_++];
    rest_ = bytes_.substr(array.end);
    deliver(array.value);
  }

  void charge(std::uint64_t bytes) {
    used_bytes_ += bytes;
    if (used_bytes_ > most_bytes_ && !refusal_) refusal_ = exhausted(most_bytes_, bytes).value();
  }

  void deliver_text(std::string_view text) {
    charge(kTextBytes + text.size());
    deliver(Value(std::string(text)));
  }

  void open_object() {
    if (auto made = hooks_.make(name())) {
      objects_.push_back(std::move(*made));
      ++identities_;
      open_elements(objects_.back());
    } else {
      refusal_ = std::move(made.error());
    }
  }

  void deliver_enum_case() {
    const std::string class_name = name();
    if (auto found = hooks_.enum_case(class_name, name())) {
      objects_.push_back(*found);
      ++identities_;
      deliver(Value(std::move(*found)));
    } else {
      refusal_ = std::move(found.error());
    }
  }

  void open_reference() {
    Frame frame;
    frame.missing = 1;
    frame.has_keys = false;
    frame.reference = heap_.new_reference(Value());
    references_.push_back(frame.reference);
    ++identities_;
    frames_.push_back(std::move(frame));
  }

  void finish_frame() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.reference != nullptr) return deliver(Value(std::move(frame.reference)));
    frame.elements.set_next_free_index(frame.next_free);
    if (frame.object == nullptr) {
      const bool is_plain = identities_ == frame.identities;
      Value array(std::move(frame.elements));
      return is_plain ? deliver_plain(frame.begin, std::move(array)) : deliver(std::move(array));
    }
    complete_.emplace_back(frame.object, std::move(frame.elements));
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
    } else if (!frame.has_keys) {
      frame.elements.append(std::move(value));
    } else {
      frame.elements.set(std::move(*frame.key), std::move(value));
      frame.key.reset();
    }
  }

  template <class T>
  void deliver_known(const std::vector<std::shared_ptr<T>>& known) {
    const auto index = static_cast<std::uint64_t>(number());
    if (index >= known.size()) {
      failed_ = true;
    } else {
      ++identities_;
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
  std::string name() {
    const char tag = byte();
    if (tag == Tag::known_string) return std::string(known_text());
    if (tag != Tag::string) failed_ = true;
    return std::string(text());
  }
  std::string_view text() {
    const std::string_view taken = take(static_cast<std::uint64_t>(number()));
    if (known_ == nullptr && taken.size() >= value_format::kNumbered)
      parts_.texts.push_back({position() - taken.size(), taken.size()});
    return taken;
  }
  std::string_view known_text() {
    const auto index = static_cast<std::uint64_t>(number());
    const auto& texts = known_ != nullptr ? known_->texts : parts_.texts;
    if (index < texts.size()) return bytes_.substr(texts[index].begin, texts[index].size);
    failed_ = true;
    return {};
  }

  std::size_t position() const { return bytes_.size() - rest_.size(); }

  const std::string_view bytes_;
  std::string_view rest_;
  Heap& heap_;
  ObjectHooks& hooks_;
  const SharedParts* known_;
  std::size_t next_known_ = 0;
  SharedParts parts_;
  std::vector<Frame> frames_;
  std::size_t identities_ = 0;  // objects and references so far, also those that were met again
  std::vector<std::shared_ptr<Object>> objects_;
  std::vector<std::shared_ptr<Reference>> references_;
  std::vector<std::pair<std::shared_ptr<Object>, Array>> complete_;  // with their states, inner ones first
  std::uint64_t most_bytes_;
  std::uint64_t used_bytes_ = 0;
  std::optional<Value> result_;
  std::optional<Error> refusal_;
  bool failed_ = false;
};

}  // namespace

const Value* SharedParts::whole(std::string_view bytes) const {
  const bool is_one =
      arrays.size() == 1 && arrays[0].begin == value_format::kHeadBytes && arrays[0].end == bytes.size();
  return is_one ? &arrays[0].value : nullptr;
}

Expected<FirstCopy> decode_first(std::string_view bytes, Heap& heap, ObjectHooks& hooks) {
  Decoder decoder(bytes, heap, hooks);
  Value value = ASSAY_TRY(decoder.run());
  return FirstCopy{std::move(value), decoder.take_parts()};
}

Expected<Value> decode_again(std::string_view bytes, const SharedParts& parts, Heap& heap, ObjectHooks& hooks) {
  if (const Value* whole = parts.whole(bytes)) return *whole;
  return Decoder(bytes, heap, hooks, &parts).run();
}

Expected<Value> decode_value(StoredValue stored, Heap& heap, ObjectHooks& hooks) {
  switch (value_type_of(stored.kind)) {
    case ValueType::null:
      return Value();
    case ValueType::boolean:
      return Value(stored.scalar != 0);
    case ValueType::integer:
      return Value(static_cast<std::int64_t>(stored.scalar));
    case ValueType::real:
      return Value(std::bit_cast<double>(stored.scalar));
    case ValueType::string:
      if (const std::uint64_t bytes = kTextBytes + stored.bytes.size(); bytes > hooks.most_bytes())
        return exhausted(hooks.most_bytes(), bytes);
      return Value(std::move(stored.bytes));
    default:
      return Decoder(stored.bytes, heap, hooks).run();
  }
}

}  // namespace assay::reference
