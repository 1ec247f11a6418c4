#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"
#include "reference/php/value/inner_state.h"

// What the classes of collections ask of us. Scripts have no use for it.
namespace assay::reference::php {
namespace {

// The first place from there on that has an element: one may have been removed.
std::size_t place_from(const Array& array, const Value& place) {
  const std::int64_t number = to_int(place);
  return number <= 0 ? array.first() : array.next(static_cast<std::size_t>(number) - 1);
}

template <typename Operation>
BuiltinFunction at_place(Operation operation) {
  return [operation](BuiltinCall& call) -> BuiltinResult {
    auto array = ASSAY_TRY(array_argument(call, 0, "array"));
    const std::size_t place = place_from(*array, call.arguments[1]);
    return place >= array->end() ? Value() : operation(*array, place);
  };
}

BuiltinResult has_place(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 0, "array"));
  return Value(place_from(*array, call.arguments[1]) < array->end());
}

BuiltinResult next_place(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 0, "array"));
  const std::int64_t place = to_int(call.arguments[1]);
  return Value(place < 0 ? array->first() : array->next(static_cast<std::size_t>(place)));
}

// What an array object is made of.
BuiltinResult array_of(BuiltinCall& call) {
  const Value& given = call.arguments[1];
  if (given.is_array()) return given;
  if (!given.is_object()) {
    return tl::unexpected(BuiltinError{
        "TypeError",
        to_string(call.arguments[0]) + "(): Argument #1 ($array) must be of type array, " + type_name(given) + " given",
        nullptr});
  }
  const Value* inner = given.as_object()->properties.find(ArrayKey::verbatim(inner_state::kArray));
  if (inner != nullptr && inner->resolve().is_array()) return inner->resolve();
  return tl::unexpected(
      BuiltinError{"", "Array access to the properties of an object is not part of the script subset", nullptr});
}

// The key of the pair that begins with the object; null where there is none.
BuiltinResult entry_of(BuiltinCall& call) {
  auto entries = ASSAY_TRY(array_argument(call, 0, "entries"));
  if (!call.arguments[1].is_object()) return Value();
  const Object* sought = call.arguments[1].as_object().get();
  for (std::size_t at = entries->first(); at != entries->end(); at = entries->next(at)) {
    const Value& pair = entries->at(at).value.resolve();
    const Value* object = pair.is_array() ? pair.as_array().find(ArrayKey(0)) : nullptr;
    if (object != nullptr && object->resolve().is_object() && object->resolve().as_object().get() == sought)
      return entries->at(at).key.to_value();
  }
  return Value();
}

BuiltinResult resized(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 0, "array"));
  Array result;
  std::size_t from = array->first();
  for (std::int64_t left = to_int(call.arguments[1]); left > 0; --left) {
    call.machine.charge(1);
    call.machine.bound_size(result.size() * 32);
    result.append(from < array->end() ? array->at(from).value : Value());
    from = from < array->end() ? array->next(from) : from;
  }
  return Value(std::move(result));
}

}  // namespace

void add_collection_functions(Builtins& builtins) {
  builtins.add("assay_array_of", 2, 2, array_of);
  builtins.add("assay_array_has", 2, 2, has_place);
  builtins.add("assay_array_next", 2, 2, next_place);
  builtins.add("assay_array_value", 2, 2,
               at_place([](const Array& array, std::size_t place) { return array.at(place).value.resolve(); }));
  builtins.add("assay_array_key", 2, 2,
               at_place([](const Array& array, std::size_t place) { return array.at(place).key.to_value(); }));
  builtins.add("assay_entry_of", 2, 2, entry_of);
  builtins.add("assay_resized", 2, 2, resized);
}

}  // namespace assay::reference::php
