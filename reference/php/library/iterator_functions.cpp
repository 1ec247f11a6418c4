#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

// Functions about what foreach goes through by an iterator.
namespace assay::reference::php {
namespace {

tl::expected<std::shared_ptr<Object>, BuiltinError> traversable_argument(BuiltinCall& call) {
  const Value& value = call.arguments[0];
  if (!call.machine.is_traversable(value))
    return tl::unexpected(argument_error(call, 0, "iterator", "of type Traversable"));
  return value.as_object();
}

// What a callback threw, as an answer of the builtin.
template <typename Body>
BuiltinResult answered(Body body) {
  try {
    return body();
  } catch (const Thrown& thrown) {
    return tl::unexpected(BuiltinError{"", "", thrown.object});
  }
}

ArrayKey key_of(Machine& machine, const Value& key) {
  if (key.is_array() || key.is_object())
    machine.throw_error("TypeError", "Cannot access offset of type " + type_name(key) + " on array");
  return key.is_string() || key.is_null() ? ArrayKey::from_string(to_string(key)) : ArrayKey(to_int(key));
}

BuiltinResult iterator_to_array(BuiltinCall& call) {
  auto object = ASSAY_TRY(traversable_argument(call));
  const bool keep_keys = !call.has(1) || to_bool(call.arguments[1]);
  return answered([&] {
    Array array;
    const auto wanted = keep_keys ? Machine::Wanted::keys_too : Machine::Wanted::values;
    call.machine.traverse(object, wanted, [&](const Value& value, const Value& key) {
      if (keep_keys) {
        array.set(key_of(call.machine, key), value);
      } else {
        array.append(value);
      }
      return true;
    });
    return Value(std::move(array));
  });
}

BuiltinResult iterator_count(BuiltinCall& call) {
  auto object = ASSAY_TRY(traversable_argument(call));
  return answered([&] {
    std::int64_t count = 0;
    call.machine.traverse(object, Machine::Wanted::nothing, [&](const Value&, const Value&) {
      ++count;
      return true;
    });
    return Value(count);
  });
}

}  // namespace

void add_iterator_functions(Builtins& builtins) {
  builtins.add("iterator_to_array", 1, 2, iterator_to_array);
  builtins.add("iterator_count", 1, 1, iterator_count);
}

}  // namespace assay::reference::php
