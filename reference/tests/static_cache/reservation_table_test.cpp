#include "reference/static_cache/reservation_table.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>
#include <thread>

namespace assay::reference {
namespace {

class ReservationTableTest : public testing::Test {
 protected:
  static constexpr std::int64_t now = 1000;

  void SetUp() override {
    constexpr std::size_t size = ReservationTable::kBytes + sizeof(ReservationTable::Word);
    memory_ = static_cast<std::byte*>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(memory_, MAP_FAILED);
    lock_ = std::move(SegmentLock::create(testing::TempDir()).value());
    auto& owners = *reinterpret_cast<ReservationTable::Word*>(memory_ + ReservationTable::kBytes);
    table_ = ReservationTable(memory_, owners, *lock_);
  }
  void TearDown() override { munmap(memory_, ReservationTable::kBytes + sizeof(ReservationTable::Word)); }

  bool take(std::string_view key, ReservationHolder& holder, std::int64_t lease = 0, std::int64_t at = now) {
    return table_.take(key, holder, lease, at).value();
  }
  // In a process of its own, which ends afterwards: normally, or killed.
  void elsewhere(const std::function<void()>& what, bool killed = false) {
    const pid_t child = fork();
    if (child == 0) {
      what();
      if (killed) raise(SIGKILL);
      _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!killed) {
      EXPECT_EQ(status, 0);
    }
  }

  std::byte* memory_ = nullptr;
  std::unique_ptr<SegmentLock> lock_;
  ReservationTable table_;
};

TEST_F(ReservationTableTest, OneHolderAtATime) {
  ReservationHolder one, two;
  EXPECT_TRUE(take("k", one));
  EXPECT_TRUE(take("k", one));
  EXPECT_FALSE(take("k", two));
  EXPECT_TRUE(*table_.is_anothers("k", &two, now));
  EXPECT_TRUE(*table_.is_anothers("k", nullptr, now));
  EXPECT_FALSE(*table_.is_anothers("k", &one, now));
  EXPECT_FALSE(table_.give_back("k", two, now));
  EXPECT_TRUE(table_.give_back("k", one, now));
  EXPECT_FALSE(table_.give_back("k", one, now));
  EXPECT_TRUE(take("k", two));
}

TEST_F(ReservationTableTest, TheEndOfARequestFreesWhatHasNoLease) {
  ReservationHolder one, two;
  EXPECT_TRUE(take("plain", one));
  EXPECT_TRUE(take("leased", one, 10));
  one.end_request();
  EXPECT_TRUE(take("plain", two));
  EXPECT_FALSE(take("leased", two, 0, now + 9));
  EXPECT_FALSE(table_.give_back("leased", one, now));  // the next request is a stranger
  EXPECT_TRUE(take("leased", two, 0, now + 10));
}

TEST_F(ReservationTableTest, ADeadOwnerHoldsNothingButItsLeases) {
  elsewhere(
      [&] {
        ReservationHolder dead;
        take("plain", dead);
        take("leased", dead, 10);
        new ReservationHolder(std::move(dead));  // nothing is given back in order
      },
      true);
  ReservationHolder one;
  EXPECT_TRUE(take("plain", one));
  EXPECT_FALSE(take("leased", one));
  table_.clear(&one);
  EXPECT_TRUE(take("leased", one));
}

TEST_F(ReservationTableTest, AChildOwnsNothingOfItsParents) {  // ST-LCK-20
  ReservationHolder parents;
  EXPECT_TRUE(take("k", parents));
  elsewhere([&] {
    EXPECT_FALSE(table_.give_back("k", parents, now));
    EXPECT_FALSE(take("k", parents));
    parents.end_request();
    ReservationHolder own;
    EXPECT_FALSE(take("k", own));
  });
  ReservationHolder other;
  EXPECT_FALSE(take("k", other));
  EXPECT_TRUE(table_.give_back("k", parents, now));
}

TEST_F(ReservationTableTest, ThreadsOfOneProcessAreOwnersOfTheirOwn) {
  ReservationHolder one;
  EXPECT_TRUE(take("k", one));
  std::thread([&] {
    ReservationHolder two;
    EXPECT_FALSE(take("k", two));
    EXPECT_TRUE(take("other", two));
  }).join();
  EXPECT_TRUE(take("other", one));
}

TEST_F(ReservationTableTest, AnExpiredLeaseIsTheNextOnes) {
  ReservationHolder one, two, three;
  EXPECT_TRUE(take("k", one, 5));
  EXPECT_TRUE(take("k", two, 100, now + 5));
  EXPECT_FALSE(table_.give_back("k", one, now + 5));
  EXPECT_FALSE(take("k", three, 0, now + 6));
}

TEST_F(ReservationTableTest, ManyKeysOfOneOwnerDoNotGetInEachOthersWay) {  // more keys than groups
  ReservationHolder one, two;
  for (int i = 0; i < 600; ++i) EXPECT_TRUE(take("key" + std::to_string(i), one, i % 2 == 0 ? 0 : 10));
  for (int i = 0; i < 600; ++i) EXPECT_TRUE(table_.give_back("key" + std::to_string(i), one, now)) << i;
  for (int i = 0; i < 600; ++i) EXPECT_TRUE(take("key" + std::to_string(i), two)) << i;
}

TEST_F(ReservationTableTest, ALeaseForEverDoesNotOverflow) {
  ReservationHolder one, two;
  EXPECT_TRUE(take("k", one, std::numeric_limits<std::int64_t>::max()));
  one.end_request();
  EXPECT_FALSE(take("k", two, 0, now + 1'000'000'000));
}

}  // namespace
}  // namespace assay::reference
