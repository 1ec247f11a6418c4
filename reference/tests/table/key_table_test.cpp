#include "reference/table/key_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "reference/segment/segment.h"
#include "reference/tests/lock/process_harness.h"

namespace assay::reference {
namespace {

constexpr std::uint32_t kCapacity = 223;

class KeyTableTest : public testing::Test {
 protected:
  // Puts the bytes of a key into the segment.
  std::uint64_t put(const std::string& key) {
    const std::uint64_t offset = next_;
    std::memcpy(segment_.data() + offset, key.data(), key.size());
    next_ += (key.size() + 7) / 8 * 8;
    return offset;
  }
  std::optional<KeyTable::SlotIndex> insert(const std::string& key, std::uint64_t entry) {
    return table_.insert_primary(put(key), static_cast<std::uint32_t>(key.size()), entry);
  }
  std::optional<KeyTable::SlotIndex> alias(const std::string& key, KeyTable::SlotIndex primary) {
    return table_.insert_alias(put(key), static_cast<std::uint32_t>(key.size()), primary);
  }

  Segment segment_ = *Segment::create(1 << 20);
  KeyTable table_{segment_.data(), segment_.data(), kCapacity};
  std::uint64_t next_ = KeyTable::bytes_needed(kCapacity);
};

TEST_F(KeyTableTest, FindsWhatWasInserted) {
  ASSERT_TRUE(insert("/srv/a.php", 64));
  ASSERT_TRUE(insert("/srv/b.php", 128));
  ASSERT_TRUE(insert(std::string("/srv/\0a", 7), 192));
  EXPECT_EQ(table_.entry_of(*table_.find("/srv/a.php")), 64u);
  EXPECT_EQ(table_.entry_of(*table_.find("/srv/b.php")), 128u);
  EXPECT_EQ(table_.entry_of(*table_.find(std::string_view("/srv/\0a", 7))), 192u);
  EXPECT_FALSE(table_.find("/srv/c.php"));
  EXPECT_FALSE(table_.find(""));
}

TEST_F(KeyTableTest, KeepsItsFirstKeysWhereItIsCleared) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(insert("kept" + std::to_string(i), 64 + 2 * i));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(insert("gone" + std::to_string(i), 1024));
  for (int time = 0; time < 2; ++time) {
    table_.clear(50);
    EXPECT_EQ(table_.size(), 50u);
    for (int i = 0; i < 50; ++i)
      EXPECT_EQ(table_.entry_of(*table_.find("kept" + std::to_string(i))), 64u + 2 * static_cast<unsigned>(i));
    EXPECT_FALSE(table_.find("gone7"));
  }
  EXPECT_EQ(*insert("new", 512), 50u);
  EXPECT_EQ(table_.entry_of(*table_.find("new")), 512u);
}

TEST_F(KeyTableTest, HoldsExactlyItsCapacityAndFindsAll) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) {
    EXPECT_FALSE(table_.is_full());
    ASSERT_TRUE(insert("key" + std::to_string(i), 64 + i * 2));
  }
  EXPECT_TRUE(table_.is_full());
  EXPECT_FALSE(insert("one more", 64));
  EXPECT_EQ(table_.size(), kCapacity);
  for (std::uint32_t i = 0; i < kCapacity; ++i) {
    const auto slot = table_.find("key" + std::to_string(i));
    ASSERT_TRUE(slot);
    EXPECT_EQ(table_.entry_of(*slot), 64 + i * 2);
  }
}

TEST_F(KeyTableTest, AllSpellingsFollowTheirScript) {
  const auto primary = *insert("/srv/a.php", 64);
  const auto spelling = *alias("/srv/./a.php", primary);
  EXPECT_TRUE(table_.is_primary(primary));
  EXPECT_FALSE(table_.is_primary(spelling));
  table_.set_entry(primary, 256);
  EXPECT_EQ(table_.entry_of(spelling), 256u);
  EXPECT_EQ(table_.primary_of(spelling), primary);
}

TEST_F(KeyTableTest, SlotsThatChangePlacesStillEnd) {
  const auto a = *insert("/a/x.php", 64);
  const auto b = *insert("/b/x.php", 128);
  const auto old = *alias("/a/./x.php", a);
  table_.set_alias(a, b);
  EXPECT_EQ(table_.primary_of(old), b);
  table_.set_entry(a, 256);
  table_.set_alias(b, a);
  EXPECT_EQ(table_.entry_of(old), 256u);
  EXPECT_EQ(table_.primary_of(b), a);
}

TEST_F(KeyTableTest, ClearForgetsAllAndMayBeRepeated) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(insert("r" + std::to_string(i * round), 64));
    table_.clear();
    table_.clear();
    EXPECT_EQ(table_.size(), 0u);
    EXPECT_FALSE(table_.find("r0"));
  }
}

TEST_F(KeyTableTest, AKillAtAnyStepLeavesTheKeyWholeOrOut) {
  Faults faults;
  // Enough for most chains to have keys that a wrong link would lose.
  constexpr int kBystanders = 180;
  for (int i = 0; i < kBystanders; ++i) ASSERT_TRUE(insert("bystander" + std::to_string(i), 64));
  int rounds = 0;
  std::string key;
  const int kills = faults.sweep_kills(
      "table/*", [&] { key = "victim" + std::to_string(rounds++); }, [&] { insert(key, 64); },
      [&](int) {
        const std::uint32_t before = table_.size();
        EXPECT_FALSE(table_.find(key));
        next_ += 64;  // the victim's bytes are not used again
        ASSERT_TRUE(insert("next" + std::to_string(rounds), 128));
        ASSERT_TRUE(insert(key, 192));
        EXPECT_EQ(table_.size(), before + 2);
        EXPECT_EQ(table_.entry_of(*table_.find(key)), 192u);
        EXPECT_EQ(table_.entry_of(*table_.find("next" + std::to_string(rounds))), 128u);
        for (int i = 0; i < kBystanders; ++i) EXPECT_TRUE(table_.find("bystander" + std::to_string(i))) << i;
      });
  EXPECT_EQ(kills, 3);
}

TEST_F(KeyTableTest, ReadersNeverSeeAKeyOfAnother) {
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> found = 0;
  auto read = [&] {
    while (!done) {
      for (std::uint32_t i = 0; i < kCapacity; ++i) {
        const auto slot = table_.find("key" + std::to_string(i));
        if (!slot) continue;
        ++found;
        if (table_.entry_of(*slot) != 64 + i * 2) ++wrong;
      }
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(read);
  for (std::uint32_t i = 0; i < kCapacity; ++i) {
    ASSERT_TRUE(insert("key" + std::to_string(i), 64 + i * 2));
    if (i % 16 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  // On a busy machine no reader may have had its turn yet.
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  while (found == 0 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace assay::reference
