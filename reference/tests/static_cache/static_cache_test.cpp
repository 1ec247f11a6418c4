#include "reference/static_cache/static_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::reference {
namespace {

constexpr std::size_t kCacheBytes = 8 << 20;

class StaticCacheTest : public testing::Test {
 protected:
  bool set(const std::string& key, const Value& value, std::int64_t ttl = 0) {
    const auto stored = cache_->set(key, value, ttl, now_);
    EXPECT_TRUE(stored);
    return stored && *stored;
  }
  std::optional<Value> get(const std::string& key) {
    auto value = cache_->get(key, now_, heap_);
    EXPECT_TRUE(value);
    return *value;
  }
  bool has(const std::string& key) { return *cache_->has(key, now_); }
  static Value text(std::size_t size, char letter = 'x') { return Value(std::string(size, letter)); }

  std::unique_ptr<StaticCache> cache_ = std::move(*StaticCache::create(kCacheBytes, testing::TempDir()));
  Heap heap_;
  std::int64_t now_ = 1000;
};

TEST_F(StaticCacheTest, StoresAndFetches) {  // ST-GET-01, ST-GET-02, ST-GET-03
  EXPECT_FALSE(get("a"));
  ASSERT_TRUE(set("a", Value(1)));
  ASSERT_TRUE(set("null", Value()));
  EXPECT_TRUE(identical(*get("a"), Value(1)));
  EXPECT_TRUE(get("null")->is_null());
  EXPECT_TRUE(has("null"));
  ASSERT_TRUE(set("a", Value("text now")));
  EXPECT_TRUE(identical(*get("a"), Value("text now")));
  ASSERT_TRUE(set("a", Value(2.5)));
  EXPECT_TRUE(identical(*get("a"), Value(2.5)));
}

TEST_F(StaticCacheTest, KeysAreBinaryAndExact) {  // ST-KEY-02
  const std::string keys[] = {"a", std::string("a\0b", 3), std::string("a\0c", 3), "A", "a ", std::string("a\0", 2)};
  int number = 0;
  for (const auto& key : keys) ASSERT_TRUE(set(key, Value(number++)));
  number = 0;
  for (const auto& key : keys) EXPECT_EQ(get(key)->as_int(), number++);
}

TEST_F(StaticCacheTest, LongKeys) {  // ST-KEY-03
  const std::string key(1 << 20, 'k');
  ASSERT_TRUE(set(key, Value(1)));
  EXPECT_TRUE(has(key));
  EXPECT_FALSE(has(key + "k"));
  EXPECT_FALSE(set(std::string(9 << 20, 'k'), Value(1)));
  EXPECT_FALSE(has(std::string(9 << 20, 'k')));
}

TEST_F(StaticCacheTest, KeyComplaints) {  // ST-KEY-01, ST-KEY-07
  EXPECT_TRUE(key_complaint(""));
  EXPECT_TRUE(key_complaint("volatile_static_class:X"));
  EXPECT_TRUE(key_complaint("pinned_static_class:"));
  EXPECT_FALSE(key_complaint("volatile_static:X"));
}

TEST_F(StaticCacheTest, TheSecondOfExpiryIsExclusive) {  // ST-TTL-04
  ASSERT_TRUE(set("a", Value(1), 10));
  now_ = 1009;
  EXPECT_TRUE(has("a"));
  now_ = 1010;
  EXPECT_FALSE(has("a"));
  EXPECT_FALSE(get("a"));
}

TEST_F(StaticCacheTest, WhatWasReportedExpiredNeverComesBack) {  // GU-IDN-04
  ASSERT_TRUE(set("seen", Value(1), 10));
  ASSERT_TRUE(set("unseen", Value(2), 10));
  now_ = 2000;
  EXPECT_FALSE(has("seen"));
  now_ = 1001;
  EXPECT_FALSE(has("seen"));
  EXPECT_FALSE(get("seen"));
  EXPECT_TRUE(has("unseen")) << "nobody was told that it is gone (ST-TTL-06)";
  ASSERT_TRUE(set("seen", Value(3), 10));
  EXPECT_EQ(get("seen")->as_int(), 3);
}

TEST_F(StaticCacheTest, AFullStoreTakesTheRoomOfEachThatExpires) {  // ST-FUL-01
  ASSERT_TRUE(set("soon", text(1000), 10));
  ASSERT_TRUE(set("later", text(1000), 20));
  ASSERT_TRUE(set("seen", text(1000), 30));
  int stored = 0;
  while (set("filler" + std::to_string(stored), text(100))) ++stored;
  const auto fits = [&] { return set("new", text(900)) && *cache_->remove("new"); };
  EXPECT_FALSE(fits());
  EXPECT_FALSE(set("new", text(900), 1)) << "a refused one leaves nothing that could expire";
  now_ = 1010;
  EXPECT_TRUE(fits());
  ASSERT_TRUE(set("again", text(1000)));
  EXPECT_FALSE(fits());
  now_ = 1020;
  EXPECT_TRUE(fits());
  ASSERT_TRUE(set("again", text(1000)) && set("once more", text(1000)));
  EXPECT_FALSE(fits());
  now_ = 1030;
  EXPECT_FALSE(has("seen"));
  now_ = 1015;
  EXPECT_TRUE(fits()) << "somebody was told that it is gone, though the clock went back (GU-IDN-04)";
}

TEST_F(StaticCacheTest, OverwritingStartsTheTimeAnew) {  // ST-TTL-02, ST-TTL-07, ST-TTL-10
  ASSERT_TRUE(set("a", Value(1), 1));
  ASSERT_TRUE(set("a", Value(2)));
  ASSERT_TRUE(set("large", Value(3), INT64_MAX));
  ASSERT_TRUE(set("also", Value(4), std::int64_t{1} << 32));
  now_ += 100000000;
  EXPECT_TRUE(has("a"));
  EXPECT_TRUE(has("large"));
  EXPECT_TRUE(has("also"));
}

TEST_F(StaticCacheTest, DeleteAnswersTrueEachTime) {  // ST-SET-13
  ASSERT_TRUE(set("a", text(100)));
  EXPECT_TRUE(*cache_->remove("a"));
  EXPECT_FALSE(has("a"));
  EXPECT_TRUE(*cache_->remove("a"));
  EXPECT_EQ(cache_->usage().entries, 0u);
}

TEST_F(StaticCacheTest, ClearEmptiesAndUsedBytesReturnToTheStart) {  // ST-SET-15, GU-RES-01
  const auto fresh = cache_->usage();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(set("k" + std::to_string(i), text(100)));
  EXPECT_EQ(cache_->usage().entries, 1000u);
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(*cache_->remove("k" + std::to_string(i)));
  EXPECT_TRUE(*cache_->clear());
  EXPECT_EQ(cache_->usage().entries, 0u);
  EXPECT_EQ(cache_->usage().used_bytes, fresh.used_bytes);
  EXPECT_FALSE(has("k700"));
  ASSERT_TRUE(set("k700", Value(1)));
  EXPECT_TRUE(has("k700"));
}

TEST_F(StaticCacheTest, GetMultipleKeepsTheOrder) {  // ST-GET-07
  ASSERT_TRUE(set("b", Value(2)));
  ASSERT_TRUE(set("a", Value(1)));
  const std::string keys[] = {"a", "none", "b"};
  const auto values = cache_->get_multiple(keys, now_, heap_);
  ASSERT_TRUE(values);
  EXPECT_EQ((*values)[0]->as_int(), 1);
  EXPECT_FALSE((*values)[1]);
  EXPECT_EQ((*values)[2]->as_int(), 2);
}

TEST_F(StaticCacheTest, SetMultipleStopsAtTheFirstFailure) {  // ST-SET-08
  const std::pair<std::string, Value> values[] = {
      {"a", Value(1)}, {"b", Value(2)}, {"c", text(kCacheBytes)}, {"d", Value(4)}};
  EXPECT_FALSE(*cache_->set_multiple(values, 0, now_));
  EXPECT_TRUE(has("a") && has("b"));
  EXPECT_FALSE(has("c") || has("d"));
}

TEST_F(StaticCacheTest, OversizedIsRefusedAndNothingElseHappens) {  // ST-FUL-06
  ASSERT_TRUE(set("a", text(1000)));
  EXPECT_FALSE(set("a", text(12 << 20)));
  EXPECT_TRUE(identical(*get("a"), text(1000)));
}

TEST_F(StaticCacheTest, FullIsARefusalWithEverythingIntact) {  // ST-FUL-03, ST-FUL-11
  int stored = 0;
  while (set("k" + std::to_string(stored), text(100000, static_cast<char>('a' + stored % 26)))) ++stored;
  EXPECT_GT(stored, 60);
  const auto full = cache_->usage();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(set("more", text(100000)));
  EXPECT_FALSE(set("k1", text(200000)));
  EXPECT_EQ(cache_->usage().used_bytes, full.used_bytes);
  EXPECT_EQ(cache_->usage().entries, full.entries);
  for (int i = 0; i < stored; ++i) {
    EXPECT_TRUE(identical(*get("k" + std::to_string(i)), text(100000, static_cast<char>('a' + i % 26))));
  }
  EXPECT_TRUE(*cache_->remove("k0"));
  EXPECT_TRUE(set("more", text(100000)));
}

TEST_F(StaticCacheTest, ScalarsAreOverwrittenInAFullCache) {  // ST-FUL-07, ST-CNT-06
  ASSERT_TRUE(set("number", Value(1)));
  for (std::size_t size = 1 << 20; size > 0; size /= 2) {
    for (int i = 0; set("fill" + std::to_string(size) + "-" + std::to_string(i), text(size)); ++i) {
    }
  }
  EXPECT_FALSE(set("new", Value(1)));
  EXPECT_TRUE(set("number", Value(2)));
  EXPECT_TRUE(set("number", Value(2.5)));
  EXPECT_TRUE(set("number", Value(7)));
  EXPECT_EQ((*cache_->increment("number", 3, now_))->value, 10);
  EXPECT_FALSE(*cache_->increment("another", 3, now_));
  EXPECT_EQ(get("number")->as_int(), 10);
}

TEST_F(StaticCacheTest, OneLargeKeyIsReplacedByItsLike) {  // ST-FUL-07
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(set("only", text(2400000, static_cast<char>('a' + i))));
}

TEST_F(StaticCacheTest, CyclesDoNotLeak) {  // ST-FUL-08
  const auto fresh = cache_->usage();
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(set("big", text(2400000))) << i;
    ASSERT_TRUE(*cache_->remove("big"));
  }
  for (int i = 0; i < 20000; ++i) {
    const std::string key = "k" + std::to_string(i % 97);
    ASSERT_TRUE(set(key, text(static_cast<std::size_t>(i * 31 % 5000))));
    if (i % 3 == 0) {
      ASSERT_TRUE(*cache_->remove(key));
    }
  }
  for (int i = 0; i < 97; ++i) ASSERT_TRUE(*cache_->remove("k" + std::to_string(i)));
  EXPECT_EQ(cache_->usage().used_bytes, fresh.used_bytes);
  EXPECT_TRUE(set("big", text(7 << 20)));
}

TEST_F(StaticCacheTest, TheTableHoldsItsCapacityAndRefusesMore) {  // ST-CFG-08, ST-FUL-09
  const auto capacity = static_cast<int>(cache_->usage().capacity);
  EXPECT_EQ(capacity, 32767);
  for (int i = 0; i < capacity; ++i) ASSERT_TRUE(set("k" + std::to_string(i), Value(i)));
  EXPECT_FALSE(set("one more", Value(1)));
  EXPECT_GT(cache_->usage().free_bytes, 1u << 20);
  EXPECT_TRUE(set("k5", Value(55)));
  for (int i = 0; i < capacity; ++i) ASSERT_EQ(get("k" + std::to_string(i))->as_int(), i == 5 ? 55 : i);
  ASSERT_TRUE(*cache_->remove("k9"));
  EXPECT_TRUE(set("one more", Value(1)));
}

TEST_F(StaticCacheTest, WhatWasDeletedDoesNotFillTheTable) {  // ST-FUL-10
  for (int i = 0; i < 330000; ++i) {
    const std::string key = "k" + std::to_string(i);
    ASSERT_TRUE(set(key, Value(i)));
    ASSERT_TRUE(*cache_->remove(key));
  }
  EXPECT_FALSE(has("k1"));
  EXPECT_EQ(cache_->usage().entries, 0u);
}

TEST_F(StaticCacheTest, ExpiredEntriesGoBeforeAStoreIsRefused) {  // ST-FUL-01
  int stored = 0;
  while (set("old" + std::to_string(stored), text(100000), 5)) ++stored;
  now_ += 5;
  ASSERT_TRUE(set("live", text(100000)));
  for (int i = 0; i < stored - 1; ++i) ASSERT_TRUE(set("new" + std::to_string(i), text(100000))) << i;
  EXPECT_TRUE(has("live"));
}

TEST_F(StaticCacheTest, AnExpiredKeyIsStoredAnewInAFullCache) {
  while (set("fill" + std::to_string(cache_->usage().entries), text(100000))) {
  }
  ASSERT_TRUE(*cache_->remove("fill3"));
  ASSERT_TRUE(set("a", text(90000), 5));
  now_ += 5;
  EXPECT_TRUE(set("a", text(95000)));
  EXPECT_TRUE(identical(*get("a"), text(95000)));
}

TEST_F(StaticCacheTest, Counters) {  // ST-CNT-01 to -05
  EXPECT_EQ((*cache_->increment("n", 7, now_))->value, 7);
  EXPECT_EQ((*cache_->decrement("m", 4, now_))->value, -4);
  EXPECT_EQ((*cache_->increment("n", -3, now_))->value, 4);
  EXPECT_EQ((*cache_->increment("n", 0, now_))->value, 4);
  ASSERT_TRUE(set("s", Value("5")));
  EXPECT_FALSE(*cache_->increment("s", 1, now_));
  EXPECT_TRUE(identical(*get("s"), Value("5")));
  ASSERT_TRUE(set("max", Value(INT64_MAX)));
  const auto wrapped = *cache_->increment("max", 1, now_);
  EXPECT_EQ(wrapped->value, INT64_MIN);
  EXPECT_TRUE(wrapped->overflowed);
  EXPECT_FALSE((*cache_->increment("n", 1, now_))->overflowed);
  const auto least = *cache_->decrement("fresh", INT64_MIN, now_);
  EXPECT_EQ(least->value, INT64_MIN);
  EXPECT_TRUE(least->overflowed);
}

TEST_F(StaticCacheTest, ValuesAreCopies) {  // ST-SET-02, ST-ISO-01
  Array array;
  array.set("x", Value(1));
  Value mine(array);
  ASSERT_TRUE(set("a", mine));
  mine.mutable_array().set("x", Value(2));
  Value fetched = *get("a");
  fetched.mutable_array().set("x", Value(3));
  EXPECT_EQ(get("a")->as_array().find(ArrayKey::from_string("x"))->as_int(), 1);
}

TEST(EntryStore, SearchesStayShortWhateverWasDeleted) {  // ST-FUL-10
  const auto store = std::move(*EntryStore::create(64 << 10, testing::TempDir()));
  const StoredValue value;
  std::uint64_t number = 0;
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t first = number;
    for (; number < first + 250; ++number) ASSERT_TRUE(*store->set(std::to_string(number), value, 0, 1));
    // From both ends towards the middle, so that slots become free in any order.
    for (std::uint64_t i = 0; i < 125; ++i) {
      ASSERT_TRUE(*store->remove(std::to_string(first + i)));
      ASSERT_TRUE(*store->remove(std::to_string(number - 1 - i)));
    }
    EXPECT_EQ(store->worn_slots(), 0u);
  }
}

TEST(StaticCache, RefusesToStartWithoutRoomOrLockFile) {  // ST-CFG-09, GU-SYS-01
  EXPECT_FALSE(StaticCache::create(1000, testing::TempDir()));
  const auto cache = StaticCache::create(kCacheBytes, "/nonexistent-assay");
  ASSERT_FALSE(cache);
  EXPECT_NE(cache.error().message.find("/nonexistent-assay"), std::string::npos);
}

}  // namespace
}  // namespace assay::reference
