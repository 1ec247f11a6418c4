// ST-FUL-02: room in pieces is made one piece, and whoever dies at that or reads meanwhile finds all that there was.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "reference/static_cache/entry_store.h"
#include "reference/tests/lock/process_harness.h"

namespace assay::reference {
namespace {

StoredValue text(std::size_t size, unsigned seed) {
  StoredValue value;
  value.has_bytes = true;
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < size; ++i) value.bytes.push_back(static_cast<char>(random()));
  return value;
}

class Compaction : public testing::Test {
 protected:
  static constexpr std::size_t kBytes = 64 << 10;
  static constexpr std::int64_t kNow = 1'000;

  bool set(const std::string& key, const StoredValue& value, std::int64_t ttl = 0) {
    return store_->set(key, value, ttl, kNow).value();
  }
  std::string bytes_of(const std::string& key) {
    const auto got = store_->get(key, kNow).value();
    return got ? got->bytes : "nothing";
  }
  std::uint64_t payload() const { return store_->usage().payload_bytes; }
  // Free room is what every second one of `count` equal entries had.
  void leave_holes(unsigned count) {
    for (unsigned i = 0; i < count; ++i) ASSERT_TRUE(set(key(i), value(i, count)));
    for (unsigned i = 1; i < count; i += 2) ASSERT_TRUE(store_->remove(key(i)).value());
  }
  static std::string key(unsigned i) { return "k" + std::to_string(i); }
  StoredValue value(unsigned i, unsigned count) const { return text(payload() / count - 200, i); }
  void expect_the_rest(unsigned count) {
    for (unsigned i = 0; i < count; i += 2) EXPECT_EQ(bytes_of(key(i)), value(i, count).bytes) << i;
  }

  std::unique_ptr<EntryStore> store_ = std::move(*EntryStore::create(kBytes, testing::TempDir()));
};

TEST_F(Compaction, PiecesMakeRoomForOneThatNeedsAll) {
  for (const unsigned count : {4u, 10u, 50u}) {
    ASSERT_TRUE(store_->clear().value());
    leave_holes(count);
    const auto large = text(store_->usage().free_bytes - 128, 77);
    EXPECT_TRUE(set("large", large)) << count;
    EXPECT_EQ(bytes_of("large"), large.bytes);
    expect_the_rest(count);
    EXPECT_FALSE(set("more", text(200, 1)));
  }
}

// Small holes before large blocks: each block overlaps its new place.
TEST_F(Compaction, ABlockMovesByLessThanItsSize) {
  std::vector<StoredValue> large;
  for (unsigned i = 0; i < 12; ++i) {
    ASSERT_TRUE(set("small" + std::to_string(i), text(300, i)));
    large.push_back(text(3'000, 100 + i));
    ASSERT_TRUE(set("large" + std::to_string(i), large.back()));
  }
  const std::size_t rest = store_->usage().free_bytes - 2'000;
  ASSERT_TRUE(set("rest", text(rest, 5)));
  for (unsigned i = 0; i < 12; ++i) ASSERT_TRUE(store_->remove("small" + std::to_string(i)).value());
  const auto new_one = text(store_->usage().free_bytes - 128, 6);
  EXPECT_TRUE(set("new", new_one));
  for (unsigned i = 0; i < 12; ++i) EXPECT_EQ(bytes_of("large" + std::to_string(i)), large[i].bytes) << i;
  EXPECT_EQ(bytes_of("rest"), text(rest, 5).bytes);
  EXPECT_EQ(bytes_of("new"), new_one.bytes);
}

TEST_F(Compaction, TimesToLiveAndWhatWasToldStay) {  // ST-TTL-04, GU-IDN-04
  ASSERT_TRUE(set("first", text(payload() / 3, 1)));
  ASSERT_TRUE(set("short", text(1'000, 2), 10));
  ASSERT_TRUE(set("told", text(1'000, 3), 1'000));
  ASSERT_TRUE(store_->remove("first").value());
  ASSERT_TRUE(set("large", text(store_->usage().free_bytes - 128, 4)));
  EXPECT_TRUE(store_->has("short", kNow + 9).value());
  EXPECT_FALSE(store_->has("short", kNow + 10).value());
  EXPECT_FALSE(store_->has("short", kNow).value());
  EXPECT_EQ(bytes_of("told"), text(1'000, 3).bytes);
}

TEST_F(Compaction, TooLittleInAllMovesNothing) {
  leave_holes(10);
  Faults faults;
  EXPECT_EQ(
      faults.sweep_kills(
          "static/compact/*", [] {}, [&] { (void)set("large", text(store_->usage().free_bytes + 1, 1)); }, [](int) {}),
      0);
  expect_the_rest(10);
}

TEST_F(Compaction, AKillLeavesAllThatThereWas) {  // ST-PRC-02, ST-PRC-05
  Faults faults;
  int stored = 0;
  StoredValue rest;
  const auto large = [&] { return text(payload() / 4 - 1'000, 7); };
  const int kills = faults.sweep_kills(
      "static/*",
      [&] {
        ASSERT_TRUE(store_->clear().value());
        leave_holes(5);
        rest = text(store_->usage().free_bytes - large().bytes.size() - 300, 8);
        ASSERT_TRUE(set("rest", rest));
      },
      [&] { (void)set("large", large()); },
      [&](int n) {
        const std::string got = bytes_of("large");
        EXPECT_TRUE(got == "nothing" || got == large().bytes) << n;
        if (got != "nothing") ++stored;
        expect_the_rest(5);
        EXPECT_EQ(bytes_of("rest"), rest.bytes) << n;
        if (got == "nothing") {
          EXPECT_TRUE(set("large", large())) << n;
        }
        expect_the_rest(5);
        EXPECT_EQ(bytes_of("large"), large().bytes) << n;
      });
  EXPECT_GE(kills, 12);
  EXPECT_GE(stored, 1);
}

// Two processes fragment and compact while they are killed at any instruction; who lives reads only whole values.
TEST_F(Compaction, RandomKillsAtFullSpeed) {  // ST-PRC-02, GU-LIV-01
  const auto checked = [](std::size_t size) { return std::string(size, static_cast<char>('a' + size % 23)); };
  const auto is_whole = [&](const std::string& bytes) { return bytes == "nothing" || bytes == checked(bytes.size()); };
  StoredValue kept;
  kept.has_bytes = true;
  kept.bytes = checked(5'000);
  const auto work = [&](unsigned seed) {
    std::mt19937 random(seed);
    while (true) {
      const std::string name = "k" + std::to_string(random() % 24);
      StoredValue value;
      value.has_bytes = true;
      value.bytes = checked(1 + random() % 6'000);
      if (random() % 4 == 0) {
        (void)store_->remove(name);
      } else {
        (void)store_->set(name, value, 0, kNow);
      }
      if (!is_whole(bytes_of("k" + std::to_string(random() % 24))) || bytes_of("kept") != kept.bytes) _exit(9);
    }
  };
  // Behind what goes, so that it is moved.
  ASSERT_TRUE(set("first", text(9'000, 1)));
  ASSERT_TRUE(set("kept", kept));
  ASSERT_TRUE(store_->remove("first").value());
  for (int round = 0; round < 60; ++round) {
    pid_t workers[2];
    for (unsigned i = 0; i < 2; ++i) {
      workers[i] = fork_mortal();
      if (workers[i] == 0) work(static_cast<unsigned>(round) * 2 + i);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(1'000 + round * 97));
    for (const pid_t worker : workers) {
      kill(worker, SIGKILL);
      EXPECT_TRUE(WIFSIGNALED(reap(worker))) << "a worker saw a torn value, or lost one";
    }
    EXPECT_EQ(bytes_of("kept"), kept.bytes) << round;
    for (int i = 0; i < 24; ++i) EXPECT_TRUE(is_whole(bytes_of("k" + std::to_string(i)))) << round;
  }
}

TEST_F(Compaction, ReadersMissNothingWhileItMoves) {  // ST-SET-03, ST-GET-12
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, reads = 0;
  const auto kept = text(3'000, 1);
  std::thread reader([&] {
    while (!done) {
      const auto got = store_->get("kept", kNow).value();
      if (reads > 0 && (!got || got->bytes != kept.bytes)) ++wrong;
      if (got) ++reads;
    }
  });
  for (int round = 0; round < 300 || reads < 100; ++round) {
    ASSERT_TRUE(set("first", text(700 + static_cast<std::size_t>(round) % 5'000, 2)));
    ASSERT_TRUE(set("kept", kept));
    ASSERT_TRUE(set("rest", text(store_->usage().free_bytes - 200, 4)));
    ASSERT_TRUE(store_->remove("first").value());
    ASSERT_TRUE(set("new", text(store_->usage().free_bytes - 128, 3)));
    ASSERT_TRUE(store_->remove("new").value() && store_->remove("rest").value());
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(Compaction, RandomEntriesAreRefusedOnlyForLackOfRoom) {
  std::mt19937 random(5);
  std::map<std::string, StoredValue> model;
  int refused = 0, stored = 0;
  for (unsigned i = 0; i < 20'000; ++i) {
    const std::string name(1 + random() % 60, static_cast<char>('a' + random() % 26));
    if (random() % 3 == 0) {
      ASSERT_TRUE(store_->remove(name).value());
      model.erase(name);
      continue;
    }
    const auto fresh = text(random() % 3'000, i);
    const std::uint64_t free = store_->usage().free_bytes;
    if (set(name, fresh)) {
      ++stored;
      model[name] = fresh;
    } else {
      ++refused;
      EXPECT_LT(free, fresh.bytes.size() + name.size() + 200) << "there was room";
    }
    if (i % 50 == 0) {
      EXPECT_EQ(bytes_of(model.begin()->first), model.begin()->second.bytes);
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(stored, 500);
  for (const auto& [name, value] : model) EXPECT_EQ(bytes_of(name), value.bytes);
  ASSERT_TRUE(store_->clear().value());
  EXPECT_EQ(store_->usage().used_bytes, 0u);
}

}  // namespace
}  // namespace assay::reference
