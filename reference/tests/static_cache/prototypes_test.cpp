#include "reference/static_cache/prototypes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "reference/static_cache/static_cache.h"
#include "reference/static_cache/value_codec.h"
#include "reference/tests/static_cache/poor_objects.h"

namespace assay::reference {
namespace {

Array list_of(std::int64_t count, std::int64_t first = 0) {
  Array list;
  for (std::int64_t i = 0; i < count; ++i) list.append(Value(first + i));
  return list;
}

class PrototypesTest : public testing::Test {
 protected:
  static constexpr std::size_t kBytes = std::size_t{128} << 20;
  static constexpr std::int64_t kNow = 1'000;

  void set(const std::string& key, const Value& value, std::int64_t time_to_live = 0) {
    ASSERT_TRUE(cache_->set(key, value, time_to_live, kNow).value());
  }
  std::optional<Value> get(const std::string& key, std::int64_t now = kNow) {
    auto got = cache_->get(key, now, heap_, plain_, &prototypes_);
    EXPECT_TRUE(got) << got.error().message;
    return got ? std::move(*got) : std::nullopt;
  }
  const Array* identity(const std::string& key) { return get(key)->array_identity(); }

  std::unique_ptr<StaticCache> cache_ = std::move(*StaticCache::create(kBytes, testing::TempDir()));
  Heap heap_;
  PlainObjects plain_{heap_};
  Prototypes prototypes_;
};

TEST_F(PrototypesTest, AnArrayIsHandedOutAgain) {  // ST-ENC-11
  set("a", Value(list_of(100)));
  const Value first = *get("a");
  EXPECT_EQ(identity("a"), first.array_identity());
  EXPECT_TRUE(identical(*get("a"), Value(list_of(100))));
}

TEST_F(PrototypesTest, WhoWritesToItHasACopy) {  // ST-ISO-01, ST-ISO-03
  Array nested;
  nested.set("inner", Value(list_of(3)));
  set("a", Value(nested));
  Value mine = *get("a");
  mine.mutable_array().find(ArrayKey::from_string("inner"))->mutable_array().append(Value("mine"));
  mine.mutable_array().append(Value(1));
  EXPECT_TRUE(identical(*get("a"), Value(nested)));
}

TEST_F(PrototypesTest, EveryChangeOfTheEntryShows) {  // ST-ISO-07
  set("a", Value(list_of(3)));
  (void)get("a");
  set("a", Value(list_of(3, 10)));
  EXPECT_TRUE(identical(*get("a"), Value(list_of(3, 10))));
  set("a", Value(7));
  EXPECT_TRUE(identical(*get("a"), Value(7)));
  set("a", Value(list_of(3)));
  EXPECT_TRUE(identical(*get("a"), Value(list_of(3))));
  EXPECT_TRUE(cache_->remove("a").value());
  EXPECT_FALSE(get("a"));
  set("a", Value(list_of(4)));
  (void)get("a");
  EXPECT_TRUE(cache_->clear().value());
  EXPECT_FALSE(get("a"));
  set("a", Value(list_of(3, 5)));
  EXPECT_TRUE(identical(*get("a"), Value(list_of(3, 5))));
}

TEST_F(PrototypesTest, AnExpiredOneIsAMiss) {  // ST-TTL-04
  set("a", Value(list_of(3)), 10);
  (void)get("a");
  EXPECT_TRUE(get("a", kNow + 9));
  EXPECT_FALSE(get("a", kNow + 10));
}

// Arrays in an object, and an array around it.
Value array_with_an_object(Heap& heap) {
  auto object = heap.new_object("A");
  object->properties.set(ArrayKey::verbatim("list"), Value(list_of(50)));
  object->properties.set(ArrayKey::verbatim("text"), Value("a text that comes twice"));
  Array outer;
  outer.append(Value(list_of(50, 7)));
  outer.append(Value(object));
  outer.append(Value(list_of(50, 9)));
  outer.append(Value("a text that comes twice"));
  return Value(std::move(outer));
}

TEST_F(PrototypesTest, ArraysInAnObjectAreHandedOutAgainAndTheObjectIsNot) {  // ST-ISO-01, ST-ENC-11
  set("a", array_with_an_object(heap_));
  (void)get("a");
  const Value one = *get("a"), two = *get("a");
  const auto list_in = [](const Value& value) {
    return value.as_array().at(1).value.as_object()->properties.find(ArrayKey::verbatim("list"));
  };
  for (const std::size_t i : {0u, 2u})
    EXPECT_EQ(one.as_array().at(i).value.array_identity(), two.as_array().at(i).value.array_identity());
  EXPECT_EQ(list_in(one)->array_identity(), list_in(two)->array_identity());
  const auto object = one.as_array().at(1).value.as_object();
  EXPECT_NE(object, two.as_array().at(1).value.as_object());
  object->properties.set(ArrayKey::verbatim("text"), Value(1));
  object->properties.find(ArrayKey::verbatim("list"))->mutable_array().append(Value(1));
  const Value three = *get("a");
  EXPECT_TRUE(identical(*list_in(three), Value(list_of(50))));
  EXPECT_EQ(three.as_array().at(1).value.as_object()->properties.find(ArrayKey::verbatim("text"))->as_string(),
            "a text that comes twice");
  EXPECT_EQ(three.as_array().at(3).value.as_string(), "a text that comes twice");
}

TEST_F(PrototypesTest, ObjectsAndReferencesAreMadeEachTime) {  // ST-ISO-01
  Array with_object = list_of(3);
  with_object.append(Value(heap_.new_object("A")));
  set("object", Value(with_object));
  EXPECT_NE(identity("object"), get("object")->array_identity());
  Array with_reference;
  const auto shared = heap_.new_reference(Value(1));
  with_reference.append(Value(shared));
  with_reference.append(Value(shared));
  set("reference", Value(with_reference));
  const Value mine = *get("reference");
  mine.as_array().find(ArrayKey(0))->as_reference()->value = Value(2);
  EXPECT_TRUE(identical(get("reference")->as_array().find(ArrayKey(1))->resolve(), Value(1)));
}

TEST_F(PrototypesTest, AnArrayWithAReferenceThatWasMetBeforeIsMadeEachTime) {  // ST-ISO-05
  const auto shared = heap_.new_reference(Value(1));
  Array inner, outer;
  inner.append(Value(shared));
  outer.append(Value(inner));
  outer.append(Value(inner));
  set("a", Value(outer));
  (void)get("a");
  const Value mine = *get("a");
  mine.as_array().at(1).value.as_array().at(0).value.as_reference()->value = Value(2);
  EXPECT_EQ(mine.as_array().at(0).value.as_array().at(0).value.resolve().as_int(), 2);
  const Value other = *get("a");
  for (const std::size_t i : {0u, 1u})
    EXPECT_EQ(other.as_array().at(i).value.as_array().at(0).value.resolve().as_int(), 1);
}

TEST_F(PrototypesTest, WhatWasStoredAnewIsNotKnownThoughItIsTheSame) {
  set("a", Value(list_of(100)));
  const Value first = *get("a");
  set("a", Value(list_of(100)));
  EXPECT_NE(identity("a"), first.array_identity());
  EXPECT_TRUE(identical(*get("a"), first));
}

TEST_F(PrototypesTest, ASegmentOfFormerDaysDeceivesNobody) {
  const StoredValue before = *encode_value(Value(list_of(1)), plain_);
  const StoredValue after = *encode_value(Value(list_of(2)), plain_);
  const auto head_of = [](const StoredValue& stored) {
    std::uint64_t head = 0;
    std::memcpy(&head, stored.bytes.data(), sizeof head);
    return head;
  };
  prototypes_.keep(before, {});
  EXPECT_TRUE(prototypes_.knows(before.kind, before.slot, head_of(before)));
  EXPECT_FALSE(
      prototypes_.knows(after.kind, after.slot, head_of(after)));  // in the same slot, by what else is the same
  EXPECT_EQ(prototypes_.find(after), nullptr);
}

TEST_F(PrototypesTest, ARequestWithTooLittleMemoryFailsAsWithoutThem) {  // ST-PRC-15
  set("a", Value(list_of(100)));
  (void)get("a");
  Poor poor(heap_, 1'000);
  const auto got = cache_->get("a", kNow, heap_, poor, &prototypes_);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().message.find("Allowed memory size of 1000 bytes exhausted"), std::string::npos);
}

TEST_F(PrototypesTest, WhatIsTooMuchIsLetGo) {
  constexpr std::int64_t kEach = 100'000;  // 3.2 MB for the request, 0.8 MB as bytes
  for (int i = 0; i < 12; ++i) {
    set(std::to_string(i), Value(list_of(kEach, i)));
    EXPECT_TRUE(identical(*get(std::to_string(i)), Value(list_of(kEach, i))));
  }
  for (int i = 0; i < 12; ++i) EXPECT_TRUE(identical(*get(std::to_string(i)), Value(list_of(kEach, i))));
  EXPECT_LE(prototypes_.size(), 8u);
}

}  // namespace
}  // namespace assay::reference
