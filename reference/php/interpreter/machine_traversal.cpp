#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

// Going through objects by their iterators.
namespace assay::reference::php {

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
  call_method(iterator, "rewind", {});
  while (to_bool(call_method(iterator, "valid", {}))) {
    charge(1);
    Value value;
    Value key;
    if (wanted != Wanted::nothing) value = call_method(iterator, "current", {});
    if (wanted == Wanted::keys_too) key = call_method(iterator, "key", {});
    if (!visit(value, key)) return;
    call_method(iterator, "next", {});
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
