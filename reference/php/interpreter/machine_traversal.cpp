#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"
#include "reference/php/value/inner_state.h"

// Going through objects by their iterators.
namespace assay::reference::php {

namespace {

// Of a list that two loops go through at once: each has a place of its own, and neither moves that of the list.
class OwnPlace {
 public:
  explicit OwnPlace(std::shared_ptr<Object> object) : object_(std::move(object)) {
    if (const Value* place = find()) place_ = *place;
  }
  template <typename Code>
  Value during(Code code) {
    exchange();
    struct Back {
      OwnPlace& own;
      ~Back() { own.exchange(); }
    } back{*this};
    return code();
  }

 private:
  Value* find() const { return object_->properties.find(ArrayKey::verbatim(inner_state::kPlace)); }
  void exchange() {
    if (Value* place = find()) std::swap(*place, place_);
  }

  std::shared_ptr<Object> object_;
  Value place_;
};

}  // namespace

bool Machine::is_traversable(const Value& value) {
  return value.is_object() && instance_of(*value.as_object(), "Traversable");
}

void Machine::traverse(const std::shared_ptr<Object>& object, Wanted wanted, const Visit& visit) {
  std::shared_ptr<Object> iterator = object;
  while (!instance_of(*iterator, "Iterator")) {
    charge(1);
    const Value inner = call_method(iterator, "getiterator", {});
    if (!is_traversable(inner)) {
      throw_error("Exception", "Objects returned by " + iterator->class_name +
                                   "::getIterator() must be traversable or implement interface Iterator");
    }
    iterator = inner.as_object();
  }
  OwnPlace place(iterator);
  const auto ask = [&](const char* method) { return place.during([&] { return call_method(iterator, method, {}); }); };
  ask("rewind");
  while (to_bool(ask("valid"))) {
    charge(1);
    Value value;
    Value key;
    if (wanted != Wanted::nothing) value = ask("current");
    if (wanted == Wanted::keys_too) key = ask("key");
    if (!visit(value, key)) return;
    ask("next");
  }
}

Value Machine::spread_of(Value value) {
  if (value.is_array()) return value;
  if (!is_traversable(value)) throw_error("Error", "Only arrays and Traversables can be unpacked");
  Array array;
  traverse(value.as_object(), Wanted::keys_too, [&](const Value& each, const Value& key) {
    if (key.is_string()) {
      array.set(ArrayKey::verbatim(key.as_string()), each);
    } else if (key.is_int()) {
      array.append(each);
    } else {
      throw_error("Error", "Keys must be of type int|string during array unpacking");
    }
    return true;
  });
  return Value(std::move(array));
}

}  // namespace assay::reference::php
