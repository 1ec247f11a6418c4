// Who writes into the segment by mistake leads nobody out of it, nor into a loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "reference/static_cache/static_cache.h"

namespace assay::reference {
namespace {

constexpr std::int64_t kTimeOfDamage = 1'800'000'000;

class DamagedSegmentTest : public testing::Test {
 protected:
  static constexpr std::size_t kBytes = 212 * 1024;  // nothing else of the process is mapped with this size
  static constexpr std::size_t kFirstSlot = 8;       // in words, behind the header

  void SetUp() override {
    auto made = StaticCache::create(kBytes, testing::TempDir());
    ASSERT_TRUE(made) << made.error().message;
    cache = std::move(*made);
    words = mapped();
    ASSERT_NE(words, nullptr);
    ASSERT_TRUE(cache->set("k", Value(std::string(100, 'v')), 0, kTimeOfDamage).value_or(false));
  }

  std::uint64_t* mapped() const {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      unsigned long begin = 0, end = 0;
      char flags[5] = "";
      if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, flags) == 3 && end - begin == kBytes &&
          flags[3] == 's')
        return reinterpret_cast<std::uint64_t*>(begin);
    }
    return nullptr;
  }
  // The word of the only key.
  std::uint64_t& slot() {
    std::size_t at = kFirstSlot;
    while (words[at] == 0) ++at;
    return words[at];
  }
  void use() {
    (void)cache->get("k", kTimeOfDamage, heap);
    (void)cache->get_multiple(std::vector<std::string>{"k", "l"}, kTimeOfDamage, heap);
    (void)cache->has("k", kTimeOfDamage);
    (void)cache->increment("k", 1, kTimeOfDamage);
    (void)cache->set("k", Value(std::string(200, 'w')), 1, kTimeOfDamage);
    (void)cache->set("l", Value(std::string(150'000, 'w')), 1, kTimeOfDamage + 2);  // makes room
    (void)cache->remove("k");
    (void)cache->usage();
  }
  void expect_good_again() {
    ASSERT_TRUE(cache->clear().value_or(false));
    EXPECT_EQ(cache->usage().used_bytes, 0u);
    ASSERT_TRUE(cache->set("k", Value(std::string("new")), 0, kTimeOfDamage).value_or(false));
    const auto got = cache->get("k", kTimeOfDamage, heap);
    ASSERT_TRUE(got && *got);
    EXPECT_EQ((*got)->as_string(), "new");
  }

  std::unique_ptr<StaticCache> cache;
  std::uint64_t* words = nullptr;
  Heap heap;
};

TEST_F(DamagedSegmentTest, ASlotThatNamesNoBlockIsNoKey) {
  slot() |= 0xffffffff;
  const auto got = cache->get("k", kTimeOfDamage, heap);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_FALSE(*got);
  use();
  expect_good_again();
}

TEST_F(DamagedSegmentTest, AValueThatMakesNoSenseIsAnErrorNotALoop) {
  std::uint64_t* block = words;
  while (std::memcmp(block, "k\0\0\0\0\0\0\0", 8) != 0) ++block;  // the key, behind its two cells
  for (int i = 1; i <= 6; ++i) block[-i] = i % 3 == 0 ? ~std::uint64_t{0} >> 1 : ~std::uint64_t{0};
  const auto got = cache->get("k", kTimeOfDamage, heap);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().message.find("damaged"), std::string::npos) << got.error().message;
  use();
  expect_good_again();
}

TEST_F(DamagedSegmentTest, WhoRecoversReservesNothingOutside) {
  slot() |= 0xffffffff;
  reinterpret_cast<std::uint32_t&>(words[0]) = 1;  // a writer died at its work
  use();
  expect_good_again();
}

TEST_F(DamagedSegmentTest, EverythingOverwrittenIsCleared) {
  for (const std::uint64_t value : {~std::uint64_t{0}, std::uint64_t{0x0000000100000001}, std::uint64_t{0}}) {
    std::fill(words, words + kBytes / 8, value);
    // A lease without end cannot be told from one that somebody took: nobody waits for it here.
    std::fill(words + kFirstSlot + 2048, words + kFirstSlot + 2048 + 512, 0);
    use();
    expect_good_again();
  }
}

}  // namespace
}  // namespace assay::reference
