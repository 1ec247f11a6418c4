#include "reference/php/value/value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace assay::reference {
namespace {

TEST(ArrayKey, DecimalTextOfAnIntIsAnInt) {
  EXPECT_TRUE(ArrayKey::from_string("5").is_int());
  EXPECT_EQ(ArrayKey::from_string("-5").as_int(), -5);
  EXPECT_EQ(ArrayKey::from_string("0").as_int(), 0);
  EXPECT_EQ(ArrayKey::from_string("9223372036854775807").as_int(), std::numeric_limits<std::int64_t>::max());
  for (const char* text :
       {"05", "-0", "5.0", "", "-", " 5", "5 ", "9223372036854775808", "-9223372036854775808", "+5"}) {
    EXPECT_FALSE(ArrayKey::from_string(text).is_int()) << text;
  }
}

TEST(Array, KeepsInsertionOrderAndTheNextFreeIndex) {
  Array array;
  array.append("a");
  array.set("k", "b");
  array.set(ArrayKey(10), "c");
  array.append("d");
  ASSERT_EQ(array.size(), 4u);
  EXPECT_EQ(array.find(ArrayKey(11))->as_string(), "d");
  EXPECT_TRUE(array.erase(ArrayKey(11)));
  EXPECT_FALSE(array.erase(ArrayKey(11)));
  array.append("e");
  EXPECT_EQ(array.find(ArrayKey(11)), nullptr);
  EXPECT_EQ(array.find(ArrayKey(12))->as_string(), "e");
  std::string order;
  for (auto at = array.first(); at != array.end(); at = array.next(at)) order += array.at(at).value.as_string();
  EXPECT_EQ(order, "abce");
}

TEST(Array, ListsArePackedUntilTheyAreNot) {
  Array array;
  for (int i = 0; i < 100; ++i) array.append(i);
  EXPECT_TRUE(array.is_list());
  for (int i = 0; i < 90; ++i) EXPECT_TRUE(array.erase(ArrayKey(i)));
  EXPECT_FALSE(array.is_list());
  array.set("new", 1);
  EXPECT_EQ(array.size(), 11u);
  for (int i = 90; i < 100; ++i) EXPECT_EQ(array.find(ArrayKey(i))->as_int(), i);
}

// Against a list of pairs, over a small range of keys, so that each is set, removed and set again at all sizes.
TEST(Array, IsWhatAListOfPairsIs) {
  std::mt19937 random(1);
  for (const unsigned keys : {4u, 9u, 40u, 500u}) {
    Array array;
    std::vector<std::pair<ArrayKey, std::int64_t>> pairs;
    for (std::int64_t step = 0; step < 4'000; ++step) {
      const unsigned number = random() % keys;
      const ArrayKey key =
          number % 2 == 0 ? ArrayKey(number * 64) : ArrayKey::verbatim("key " + std::to_string(number));
      const auto known = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
      ASSERT_EQ(array.find(key) != nullptr, known != pairs.end());
      if (random() % 3 == 0) {
        ASSERT_EQ(array.erase(key), known != pairs.end());
        if (known != pairs.end()) pairs.erase(known);
        continue;
      }
      array.set(key, Value(step));
      if (known != pairs.end()) {
        known->second = step;
      } else {
        pairs.emplace_back(key, step);
      }
    }
    ASSERT_EQ(array.size(), pairs.size());
    std::size_t at = array.first();
    for (const auto& [key, value] : pairs) {
      EXPECT_EQ(array.at(at).key, key);
      EXPECT_EQ(array.find(key)->as_int(), value);
      at = array.next(at);
    }
    EXPECT_EQ(at, array.end());
  }
}

TEST(Array, RefusesToAppendBeyondTheGreatestInt) {
  Array array;
  array.set(ArrayKey(std::numeric_limits<std::int64_t>::max()), 1);
  EXPECT_EQ(array.append(2), nullptr);
}

TEST(Array, WhatWasMovedFromIsEmpty) {
  Array array;
  array.set("k", 1);
  Array taken = std::move(array);
  EXPECT_EQ(array.size(), 0u);
  EXPECT_EQ(array.find(ArrayKey::from_string("k")), nullptr);
  EXPECT_EQ(array.append(7)->as_int(), 7);
  EXPECT_EQ(taken.size(), 1u);
}

TEST(Value, ArraysAreCopiedOnWrite) {
  Value one{Array()};
  one.mutable_array().append(1);
  Value two = one;
  EXPECT_EQ(one.array_identity(), two.array_identity());
  two.mutable_array().append(2);
  EXPECT_EQ(one.as_array().size(), 1u);
  EXPECT_EQ(two.as_array().size(), 2u);
}

TEST(Value, DeepNestingIsFreedWithoutRecursion) {
  Value nested;
  for (int i = 0; i < 1000000; ++i) {
    Array outer;
    outer.append(std::move(nested));
    nested = Value(std::move(outer));
  }
  Heap heap;
  for (int i = 0; i < 300000; ++i) {
    auto object = heap.new_object("C");
    object->properties.set("p", std::move(nested));
    nested = Value(heap.new_reference(Value(object)));
  }
  nested = Value();
  SUCCEED();
}

TEST(Heap, FreesCycles) {
  std::weak_ptr<Object> watched;
  {
    Heap heap;
    auto object = heap.new_object("C");
    object->properties.set("self", Value(object));
    watched = object;
    Value slot{Array()};
    auto reference = heap.share(slot);
    reference->value.mutable_array().append(Value(reference));
    object.reset();
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

TEST(Value, IdenticalComparesTypesAndOrder) {
  Array ab, ba;
  ab.set("a", 1);
  ab.set("b", 2);
  ba.set("b", 2);
  ba.set("a", 1);
  EXPECT_TRUE(identical(Value(ab), Value(ab)));
  EXPECT_FALSE(identical(Value(ab), Value(ba)));
  EXPECT_FALSE(identical(Value(1), Value(1.0)));
  EXPECT_FALSE(identical(Value("1"), Value(1)));
  EXPECT_TRUE(identical(Value(std::make_shared<Reference>(Reference{Value(1)})), Value(1)));
}

TEST(Heap, WhatIsKeptWaitsWithItsPropertiesAndId) {
  Heap heap;
  auto object = heap.new_object("D");
  object->properties.set("n", Value(5));
  const std::uint64_t id = object->id;
  heap.keep_departed(*object);
  EXPECT_FALSE(heap.has_departed());
  object.reset();
  ASSERT_TRUE(heap.has_departed());
  auto departed = heap.take_departed();
  ASSERT_EQ(departed.size(), 1u);
  EXPECT_EQ(departed[0]->class_name, "D");
  EXPECT_EQ(departed[0]->id, id);
  EXPECT_EQ(departed[0]->properties.find(ArrayKey::verbatim("n"))->as_int(), 5);
  EXPECT_NE(heap.new_object("E")->id, id) << "the id is still in use";
  departed.clear();
  EXPECT_FALSE(heap.has_departed()) << "only once";
  EXPECT_EQ(heap.new_object("F")->id, id);
}

TEST(Heap, WhatIsInsideDepartsAfterWhatHeldIt) {
  Heap heap;
  auto outer = heap.new_object("Outer");
  auto inner = heap.new_object("Inner");
  outer->properties.set("inner", Value(inner));
  heap.keep_departed(*outer);
  heap.keep_departed(*inner);
  inner.reset();
  Array holder;
  holder.append(Value(outer));
  outer.reset();
  holder = Array();
  auto first = heap.take_departed();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0]->class_name, "Outer");
  first.clear();
  ASSERT_TRUE(heap.has_departed());
  EXPECT_EQ(heap.take_departed()[0]->class_name, "Inner");
}

TEST(Array, AListOfNumbersIsAsIfTheyWereAppended) {
  for (const std::size_t count : {0u, 1u, 9u, 100u}) {
    Array appended;
    for (std::size_t i = 0; i < count; ++i) appended.append(Value(0.5 * static_cast<double>(i)));
    double next = -0.5;
    Array made = Array::list_of(count, [&next] { return next += 0.5; });
    EXPECT_TRUE(identical(Value(made), Value(appended)));
    EXPECT_EQ(made.size(), count);
    EXPECT_EQ(made.next_free_index(), appended.next_free_index());
    for (Array* each : {&made, &appended}) {
      each->append("last");
      each->erase(0);
      each->set("key", 1);
    }
    EXPECT_TRUE(identical(Value(made), Value(appended)));
  }
}

TEST(Heap, TheRestIsReleasedInTheOrderItWasMade) {
  Heap heap;
  std::vector<std::shared_ptr<Object>> objects;
  for (const char* name : {"a", "b", "c"}) objects.push_back(heap.new_object(name));
  for (const std::size_t i : {2u, 0u}) heap.keep_departed(*objects[i]);
  const auto released = heap.release_kept();
  ASSERT_EQ(released.size(), 2u);
  EXPECT_EQ(released[0]->class_name, "a");
  EXPECT_EQ(released[1]->class_name, "c");
  objects.clear();
  EXPECT_FALSE(heap.has_departed());
}

}  // namespace
}  // namespace assay::reference
