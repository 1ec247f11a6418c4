#include "reference/static_cache/value_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference/static_cache/value_format.h"
#include "reference/tests/static_cache/poor_objects.h"

namespace assay::reference {
namespace {

Expected<StoredValue> encoded(const Value& value) {
  Heap none;
  PlainObjects plain(none);
  return encode_value(value, plain);
}

Expected<Value> decoded(const StoredValue& stored, Heap& heap) {
  PlainObjects plain(heap);
  return decode_value(stored, heap, plain);
}

Value round_trip(const Value& value, Heap& heap) {
  const auto stored = encoded(value);
  EXPECT_TRUE(stored);
  auto back = decoded(*stored, heap);
  EXPECT_TRUE(back);
  return *back;
}

TEST(ValueCodec, ScalarsAndStringsKeepTheirBits) {
  Heap heap;
  for (const Value& value : {Value(), Value(true), Value(false), Value(0), Value(INT64_MIN), Value(1.5), Value(""),
                             Value(std::string("a\0b\xff", 4))}) {
    EXPECT_TRUE(identical(round_trip(value, heap), value));
  }
  EXPECT_TRUE(std::signbit(round_trip(Value(-0.0), heap).as_float()));
  EXPECT_TRUE(std::isnan(round_trip(Value(std::nan("")), heap).as_float()));
  EXPECT_FALSE(encoded(Value(7))->has_bytes) << "scalars need no block";
}

TEST(ValueCodec, ArraysKeepOrderKeysAndNextIndex) {
  Heap heap;
  Array inner;
  inner.set("x", Value(1.25));
  inner.append(Value("text"));
  Array array;
  array.set(ArrayKey(5), Value(true));
  array.set("name", Value(inner));
  array.set(ArrayKey(-3), Value());
  array.append(Value(9));
  array.erase(ArrayKey(6));
  const Value back = round_trip(Value(array), heap);
  EXPECT_TRUE(identical(back, Value(array)));
  EXPECT_EQ(back.as_array().next_free_index(), 7);
}

TEST(ValueCodec, ObjectsAndReferencesKeepTheirIdentityInside) {
  Heap heap;
  auto object = heap.new_object("Node");
  object->properties.set("self", Value(object));
  auto shared = heap.new_reference(Value(1));
  Array array;
  array.append(Value(object));
  array.append(Value(object));
  array.append(Value(shared));
  array.append(Value(shared));
  Heap other;
  const Value back = round_trip(Value(array), other);
  const Array& copy = back.as_array();
  const auto& first = copy.find(ArrayKey(0))->as_object();
  EXPECT_EQ(first, copy.find(ArrayKey(1))->as_object());
  EXPECT_NE(first, object);
  EXPECT_EQ(first->class_name, "Node");
  EXPECT_EQ(first->properties.find(ArrayKey::verbatim("self"))->as_object(), first);
  copy.find(ArrayKey(2))->as_reference()->value = Value(2);
  EXPECT_EQ(copy.find(ArrayKey(3))->resolve().as_int(), 2);
  EXPECT_EQ(shared->value.as_int(), 1);
}

TEST(ValueCodec, AReferenceOfItsOwnIsAValue) {
  Heap heap;
  Array array;
  array.append(Value(std::make_shared<Reference>(Reference{Value(3)})));
  const Value back = round_trip(Value(std::move(array)), heap);
  EXPECT_TRUE(back.as_array().find(ArrayKey(0))->is_int());
  EXPECT_TRUE(round_trip(Value(heap.new_reference(Value(4))), heap).is_int());
}

TEST(ValueCodec, AClosureAnywhereIsRefused) {
  Heap heap;
  Array inner;
  inner.append(Value(heap.new_object("Closure", ObjectKind::closure)));
  Array outer;
  outer.append(Value(inner));
  const auto refused = encoded(Value(outer));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("closure"), std::string::npos);
}

TEST(ValueCodec, EqualStringsOfAValueAreStoredOnce) {  // ST-ENC-12
  Heap heap;
  const std::string text(1000, 't');
  Array rows;
  for (int i = 0; i < 100; ++i) {
    Array row;
    row.set("a key of some length", Value(text));
    row.set("short", Value("text"));
    rows.append(Value(std::move(row)));
  }
  const Value value(std::move(rows));
  EXPECT_LT(encoded(value)->bytes.size(), 20'000u);
  EXPECT_TRUE(identical(round_trip(value, heap), value));
}

TEST(ValueCodec, TellsHowAValueIsStored) {  // ST-ENC-05
  Heap heap;
  const auto type = [](const Value& value) { return store_type_of(encoded(value)->kind); };
  EXPECT_EQ(type(Value(7)), StoreType::scalar);
  EXPECT_EQ(type(Value("text")), StoreType::scalar);
  Array array;
  array.append(Value(heap.new_object("Node")));
  EXPECT_EQ(type(Value(array)), StoreType::shared_graph);
  array.append(*array.find(ArrayKey(0)));
  EXPECT_EQ(type(Value(array)), StoreType::binary);
  Array references;
  const auto shared = heap.new_reference(Value(1));
  references.append(Value(shared));
  references.append(Value(shared));
  EXPECT_EQ(type(Value(references)), StoreType::binary);
}

TEST(ValueCodec, AsksEachObjectOnceAndRestoresInnerOnesFirst) {  // ST-SET-11
  struct Asking final : ObjectHooks {
    explicit Asking(Heap& of) : heap(of) {}
    Expected<State> state_of(const std::shared_ptr<Object>& object) override {
      log += "s" + object->class_name;
      State state{false, true, {}};
      for (const char* name : {"inner"})
        if (const Value* value = object->properties.find(ArrayKey::verbatim(name))) state.elements.set(name, *value);
      return state;
    }
    Expected<std::shared_ptr<Object>> make(const std::string& name) override {
      if (name == missing) return failure("there is no such class");
      return heap.new_object(name);
    }
    Expected<std::shared_ptr<Object>> enum_case(const std::string&, const std::string&) override {
      return failure("there is none");
    }
    Expected<void> restore(const std::shared_ptr<Object>& object, Array) override {
      log += "r" + object->class_name;
      return {};
    }
    Heap& heap;
    std::string log, missing;
  };
  Heap heap;
  Asking hooks(heap);
  const auto inner = heap.new_object("I"), outer = heap.new_object("O");
  outer->properties.set("inner", Value(inner));
  Array both;
  both.append(Value(outer));
  both.append(Value(outer));
  const auto stored = encode_value(Value(both), hooks);
  ASSERT_TRUE(stored);
  EXPECT_EQ(hooks.log, "sOsI");
  EXPECT_EQ(store_type_of(stored->kind), StoreType::serialized);
  hooks.log.clear();
  EXPECT_TRUE(decode_value(*stored, heap, hooks));
  EXPECT_EQ(hooks.log, "rIrO");
  hooks.missing = "I";
  EXPECT_FALSE(decode_value(*stored, heap, hooks));  // ST-ENC-18
}

TEST(ValueCodec, DeepNestingNeedsNoStack) {
  Heap heap;
  Value value(1);
  for (int i = 0; i < 200000; ++i) {
    Array wrap;
    wrap.append(std::move(value));
    value = Value(std::move(wrap));
  }
  const auto stored = encoded(value);
  ASSERT_TRUE(stored);
  const auto back = decoded(*stored, heap);
  ASSERT_TRUE(back);
  // But for the number that no other has.
  EXPECT_TRUE(encoded(*back)->bytes.substr(value_format::kHeadBytes) == stored->bytes.substr(value_format::kHeadBytes));
}

// A list, and lists in it of each kind that has a form of its own.
Array lists() {
  Array all;
  for (const auto& values : {std::vector<Value>{},
                             {Value(1), Value(-2)},
                             {Value(1.5), Value(-0.0)},
                             {Value(1), Value(1.5)},
                             {Value("a"), Value()}}) {
    Array list;
    for (const Value& value : values) list.append(value);
    all.append(Value(std::move(list)));
  }
  return all;
}

TEST(ValueCodec, ListsComeBackAsTheyWere) {
  Heap heap;
  Array list = lists();
  Array goes_on_later = list.at(1).value.as_array();
  goes_on_later.set_next_free_index(7);
  list.append(Value(goes_on_later));
  Array with_a_gap = goes_on_later;
  with_a_gap.erase(ArrayKey(0));
  list.append(Value(with_a_gap));
  const auto back = decoded(*encoded(Value(list)), heap);
  ASSERT_TRUE(back);
  EXPECT_TRUE(identical(*back, Value(list)));
  EXPECT_TRUE(std::signbit(back->as_array().at(2).value.as_array().at(1).value.as_float()));
  for (const std::size_t i : {5u, 6u}) EXPECT_EQ(back->as_array().at(i).value.as_array().next_free_index(), 7);
}

TEST(ValueCodec, NumbersOfAListTakeEightBytesEach) {
  Array list;
  for (std::int64_t i = 0; i < 1'000; ++i) list.append(Value(i));
  EXPECT_LT(encoded(Value(list))->bytes.size(), 8'100u);
}

TEST(ValueCodec, OneValueEncodedTwiceIsTheSame) {  // ST-ATT-12
  Array list = lists();
  const StoredValue first = *encoded(Value(list));
  EXPECT_TRUE(is_same(first, *encoded(Value(list))));
  Array took_another_way = lists();
  took_another_way.set("more", Value(1));
  took_another_way.erase(ArrayKey::from_string("more"));
  EXPECT_TRUE(is_same(first, *encoded(Value(took_another_way))));
  list.append(Value(1));
  EXPECT_FALSE(is_same(first, *encoded(Value(list))));
  EXPECT_FALSE(is_same(*encoded(Value("text one")), *encoded(Value("text two"))));
  EXPECT_FALSE(is_same(*encoded(Value(1)), *encoded(Value(2))));
  EXPECT_FALSE(is_same(*encoded(Value(1)), *encoded(Value(1.0))));
}

TEST(ValueCodec, DamagedBytesAreAnError) {
  Heap heap;
  Array array = lists();
  array.set("key", Value("value"));
  array.append(Value(2));
  const StoredValue good = *encoded(Value(array));
  for (std::size_t cut = 0; cut < good.bytes.size(); ++cut) {
    StoredValue bad = good;
    bad.bytes.resize(cut);
    EXPECT_FALSE(decoded(bad, heap)) << cut;
  }
  for (std::size_t i = 0; i < good.bytes.size(); ++i) {
    StoredValue bad = good;
    bad.bytes[i] = static_cast<char>(bad.bytes[i] ^ 0x80);
    (void)decoded(bad, heap);  // any answer, no crash
  }
}

TEST(ValueCodec, ARequestWithoutTheMemoryGetsNothing) {  // ST-PRC-15
  Heap heap;
  Array list;
  for (int i = 0; i < 100; ++i) {
    auto object = heap.new_object("Node");
    object->properties.set("text", Value(std::string(20, 't')));
    list.append(Value(object));
  }
  const auto stored = encoded(Value(list));
  ASSERT_TRUE(stored);
  Poor rich(heap, 56 + 100 * (32 + 40 + 16 + 24 + 20));
  EXPECT_TRUE(decode_value(*stored, heap, rich));
  Poor poor(heap, 56 + 100 * (32 + 40 + 16 + 24 + 20) - 1);
  const auto refused = decode_value(*stored, heap, poor);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, kRequestMemoryExhausted);
  EXPECT_EQ(refused.error().message, "Allowed memory size of 13255 bytes exhausted (tried to allocate 44 bytes)");
  const auto text = encoded(Value(std::string(1000, 't')));
  Poor small(heap, 1000);
  EXPECT_EQ(decode_value(*text, heap, small).error().code, kRequestMemoryExhausted);
}

}  // namespace
}  // namespace assay::reference
