// What a full store does: ST-FUL-01, ST-FUL-04, under each choice.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "reference/static_cache/entry_store.h"

namespace assay::reference {
namespace {

constexpr std::size_t kRoomyBytes = 64 << 10;

StoredValue number(std::uint64_t scalar) {
  StoredValue value;
  value.scalar = scalar;
  return value;
}

StoredValue text(std::size_t size, char letter = 'x') {
  StoredValue value;
  value.has_bytes = true;
  value.bytes = std::string(size, letter);
  return value;
}

class Full : public testing::Test {
 protected:
  static std::unique_ptr<EntryStore> store(Eviction eviction) {
    return std::move(*EntryStore::create(kRoomyBytes, testing::TempDir(), {}, eviction));
  }
  bool set(EntryStore& store, const std::string& key, const StoredValue& value, std::int64_t ttl = 0) {
    return *store.set(key, value, ttl, now_);
  }
  bool has(EntryStore& store, const std::string& key) { return *store.has(key, now_); }
  // Five of them fill a store so far that a sixth has no room.
  static StoredValue fifth(EntryStore& store, char letter) { return text(store.usage().payload_bytes / 6, letter); }
  void fill(EntryStore& store) {
    for (int i = 0; i < 5; ++i)
      ASSERT_TRUE(set(store, "k" + std::to_string(i), fifth(store, static_cast<char>('a' + i))));
  }

  std::int64_t now_ = 1000;
};

TEST_F(Full, RefusesAndKeepsAll) {  // ST-FUL-04
  auto full = store(Eviction::refuse);
  fill(*full);
  const auto before = full->usage();
  EXPECT_FALSE(set(*full, "new", fifth(*full, 'n')));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(has(*full, "k" + std::to_string(i)));
  EXPECT_EQ(full->usage().used_bytes, before.used_bytes);
}

TEST_F(Full, WipesAllAndStores) {
  auto full = store(Eviction::wipe);
  fill(*full);
  EXPECT_TRUE(set(*full, "new", fifth(*full, 'n')));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(has(*full, "k" + std::to_string(i)));
  EXPECT_EQ(full->get("new", now_).value()->bytes, fifth(*full, 'n').bytes);
  EXPECT_EQ(full->usage().entries, 1u);
}

TEST_F(Full, WhatWasUsedLongestAgoGoes) {
  auto full = store(Eviction::least_recently_used);
  fill(*full);
  EXPECT_TRUE(has(*full, "k0"));
  EXPECT_TRUE(full->get("k2", now_).value());
  EXPECT_TRUE(full->get_multiple(std::vector<std::string>{"k1"}, now_).has_value());
  EXPECT_TRUE(set(*full, "new", fifth(*full, 'n')));
  EXPECT_FALSE(has(*full, "k3"));
  EXPECT_TRUE(set(*full, "newer", fifth(*full, 'm')));
  EXPECT_FALSE(has(*full, "k4"));
  for (const char* key : {"k0", "k2", "k1", "new", "newer"}) EXPECT_TRUE(has(*full, key)) << key;
}

TEST_F(Full, AsManyGoAsALargeValueNeeds) {
  auto full = store(Eviction::least_recently_used);
  fill(*full);
  EXPECT_TRUE(set(*full, "large", text(full->usage().payload_bytes / 2)));
  EXPECT_FALSE(has(*full, "k0"));
  EXPECT_TRUE(has(*full, "k4"));
}

TEST_F(Full, ExpiredEntriesGoFirst) {  // ST-FUL-01
  for (const Eviction eviction : {Eviction::refuse, Eviction::wipe, Eviction::least_recently_used}) {
    auto full = store(eviction);
    fill(*full);
    ASSERT_TRUE(set(*full, "k4", number(4), 0));
    ASSERT_TRUE(set(*full, "short", fifth(*full, 's'), 5));
    now_ += 5;
    EXPECT_TRUE(set(*full, "new", fifth(*full, 'n')));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(has(*full, "k" + std::to_string(i))) << i;
  }
}

TEST_F(Full, TheOldValueOfTheKeyGoesLast) {
  auto full = store(Eviction::least_recently_used);
  fill(*full);
  EXPECT_TRUE(set(*full, "k0", text(full->usage().payload_bytes / 5, 'n')));
  EXPECT_FALSE(has(*full, "k1"));
  for (const char* key : {"k0", "k2", "k3", "k4"}) EXPECT_TRUE(has(*full, key)) << key;
}

TEST_F(Full, AValueThatNeedsAllRoomReplacesItsOwn) {
  for (const Eviction eviction : {Eviction::wipe, Eviction::least_recently_used}) {
    auto full = store(eviction);
    ASSERT_TRUE(set(*full, "k", text(100)));
    const std::size_t most = full->usage().payload_bytes - 256;
    EXPECT_TRUE(set(*full, "k", text(most, 'a')));
    EXPECT_TRUE(set(*full, "k", text(most, 'b')));
    EXPECT_EQ(full->get("k", now_).value()->bytes, std::string(most, 'b'));
  }
}

TEST_F(Full, TooLargeForAnEmptyStoreEvictsNothing) {  // ST-FUL-06
  for (const Eviction eviction : {Eviction::wipe, Eviction::least_recently_used}) {
    auto full = store(eviction);
    fill(*full);
    EXPECT_FALSE(set(*full, "new", text(kRoomyBytes)));
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(has(*full, "k" + std::to_string(i)));
  }
}

TEST_F(Full, NoStoreTakesFourGigabytes) {  // ST-FUL-12
  constexpr std::uint64_t kLimit = std::uint64_t{4} << 30;
  EXPECT_FALSE(EntryStore::is_too_long(kLimit - BlockHeap::kUnit));
  EXPECT_TRUE(EntryStore::is_too_long(kLimit - BlockHeap::kUnit + 1));
  EXPECT_TRUE(EntryStore::is_too_long(kLimit));
}

TEST_F(Full, TheTableTakesANewKeyInThePlaceOfOthers) {  // ST-FUL-09
  for (const Eviction eviction : {Eviction::wipe, Eviction::least_recently_used}) {
    auto full = store(eviction);
    const std::uint64_t capacity = full->usage().capacity;
    for (std::uint64_t i = 0; i < capacity; ++i) ASSERT_TRUE(set(*full, std::to_string(i), number(i)));
    EXPECT_TRUE(has(*full, "0"));
    EXPECT_TRUE(set(*full, "0", number(7)));  // no slot is needed
    EXPECT_EQ(full->usage().entries, capacity);
    EXPECT_TRUE(set(*full, "new", number(1)));
    EXPECT_EQ(has(*full, "0"), eviction == Eviction::least_recently_used);
    EXPECT_EQ(has(*full, "2"), eviction == Eviction::least_recently_used);
    EXPECT_FALSE(has(*full, "1"));
  }
}

TEST_F(Full, CountersMakeRoomForANewKey) {
  auto full = store(Eviction::wipe);
  const std::uint64_t capacity = full->usage().capacity;
  for (std::uint64_t i = 0; i < capacity; ++i) ASSERT_TRUE(set(*full, std::to_string(i), number(i)));
  const auto plus = [](const std::optional<StoredValue>& old, std::int64_t by) {
    return std::optional(number((old ? old->scalar : 0) + static_cast<std::uint64_t>(by)));
  };
  EXPECT_EQ(full->update("0", plus, 5, now_).value()->scalar, 5u);
  EXPECT_EQ(full->usage().entries, capacity);
  EXPECT_EQ(full->update("counter", plus, 5, now_).value()->scalar, 5u);
  EXPECT_EQ(full->usage().entries, 1u);
}

TEST_F(Full, ReservationsOutliveAWipe) {  // ST-LCK-02
  auto full = store(Eviction::wipe);
  ReservationHolder holder, other;
  ASSERT_TRUE(*full->reserve("reserved", holder, 0, now_));
  fill(*full);
  ASSERT_TRUE(*full->set("new", fifth(*full, 'n'), 0, now_, &holder));
  EXPECT_FALSE(*full->reserve("reserved", other, 0, now_));
}

// Against a list in the order of use: exactly the right ones go, and no unit of memory is lost.
TEST_F(Full, RandomUsesAgreeWithAListOfThem) {
  std::mt19937 random(11);
  auto full = store(Eviction::least_recently_used);
  std::map<std::string, std::uint64_t> used;  // key -> when; values tell it as well
  std::uint64_t clock = 0, evictions = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = "k" + std::to_string(random() % 40);
    if (random() % 3 == 0) {
      const bool present = has(*full, key);
      EXPECT_EQ(present, used.contains(key)) << i;
      if (present) used[key] = ++clock;
      continue;
    }
    const std::uint64_t entries = full->usage().entries;
    const bool is_new = !used.contains(key);
    ASSERT_TRUE(set(*full, key, text(1 + random() % 9000)));
    used[key] = ++clock;
    // As many as went, the oldest ones.
    const std::uint64_t gone = entries + (is_new ? 1 : 0) - full->usage().entries;
    for (std::uint64_t n = 0; n < gone; ++n, ++evictions) {
      auto oldest = used.begin();
      for (auto each = used.begin(); each != used.end(); ++each)
        if (each->second < oldest->second) oldest = each;
      used.erase(oldest);
    }
  }
  EXPECT_GT(evictions, 1000u);
  ASSERT_TRUE(*full->clear());
  EXPECT_EQ(full->usage().used_bytes, 0u);
}

}  // namespace
}  // namespace assay::reference
