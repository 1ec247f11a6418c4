// What survivors of a data cache see when others are killed, stopped or busy.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "reference/static_cache/static_cache.h"
#include "reference/tests/lock/process_harness.h"

namespace assay::reference {
namespace {

constexpr std::size_t kBytes = 1 << 20;
constexpr std::int64_t kNow = 1000;

Value letters(char letter, std::size_t size) {
  return Value(std::string(size, letter));
}

// A value that says whether it is whole: all of its letters are one, which its size decides.
Value checked(std::size_t size) {
  return letters(static_cast<char>('a' + size % 23), size);
}

bool is_whole(const Value& value) {
  return value.is_string() && identical(value, checked(value.as_string().size()));
}

class EntryStoreFaultTest : public testing::Test {
 protected:
  std::optional<Value> get(const std::string& key) { return *cache_->get(key, kNow, heap_); }

  // Everything that must hold whatever happened: bystanders are there, the store works, its numbers add up.
  void expect_sound() {
    ASSERT_TRUE(get("bystander"));
    EXPECT_TRUE(identical(*get("bystander"), letters('b', 3000)));
    const auto before = cache_->usage();
    EXPECT_EQ(before.used_bytes + before.free_bytes, before.payload_bytes);
    ASSERT_TRUE(*cache_->set("probe", letters('p', 500), 0, kNow));
    EXPECT_TRUE(identical(*get("probe"), letters('p', 500)));
    ASSERT_TRUE(*cache_->remove("probe"));
  }
  void start_over() {
    ASSERT_TRUE(*cache_->clear());
    ASSERT_TRUE(*cache_->set("bystander", letters('b', 3000), 0, kNow));
  }
  // After everything was removed no byte may be missing.
  void expect_no_loss(std::uint64_t empty) {
    ASSERT_TRUE(*cache_->clear());
    EXPECT_EQ(cache_->usage().used_bytes, empty);
    EXPECT_EQ(cache_->usage().entries, 0u);
  }

  std::unique_ptr<StaticCache> cache_ = std::move(*StaticCache::create(kBytes, testing::TempDir()));
  Heap heap_;
};

TEST_F(EntryStoreFaultTest, AKillInANewStoreLeavesItWholeOrOut) {  // ST-PRC-02
  Faults faults;
  const auto empty = cache_->usage().used_bytes;
  int seen = 0;
  const int kills = faults.sweep_kills(
      "static/*", [&] { start_over(); }, [&] { (void)cache_->set("victim", letters('v', 2000), 0, kNow); },
      [&](int n) {
        const auto value = get("victim");
        EXPECT_TRUE(!value || identical(*value, letters('v', 2000))) << n;
        if (value) ++seen;
        EXPECT_EQ(cache_->usage().entries, value ? 2u : 1u) << n;
        expect_sound();
        EXPECT_EQ(get("victim").has_value(), value.has_value()) << "neither choice is taken back, " << n;
        // The block it was writing is free again.
        const auto used = cache_->usage().used_bytes;
        start_over();
        if (value) {
          ASSERT_TRUE(*cache_->set("victim", letters('v', 2000), 0, kNow));
        }
        EXPECT_EQ(cache_->usage().used_bytes, used) << n;
      });
  EXPECT_GE(kills, 8);
  EXPECT_GE(seen, 2);
  expect_no_loss(empty);
}

TEST_F(EntryStoreFaultTest, AKillInAnOverwriteLeavesOldOrNew) {  // ST-PRC-02, ST-SET-03
  Faults faults;
  const auto empty = cache_->usage().used_bytes;
  int fresh = 0;
  const int kills = faults.sweep_kills(
      "static/*",
      [&] {
        start_over();
        ASSERT_TRUE(*cache_->set("victim", letters('o', 1000), 0, kNow));
      },
      [&] { (void)cache_->set("victim", letters('n', 2000), 0, kNow); },
      [&](int n) {
        const auto value = get("victim");
        ASSERT_TRUE(value) << n;
        EXPECT_TRUE(identical(*value, letters('o', 1000)) || identical(*value, letters('n', 2000))) << n;
        if (value->as_string()[0] == 'n') ++fresh;
        EXPECT_EQ(cache_->usage().entries, 2u);
        expect_sound();
        EXPECT_TRUE(identical(*get("victim"), *value)) << n;
      });
  EXPECT_GE(kills, 7);
  EXPECT_GE(fresh, 2);
  expect_no_loss(empty);
}

TEST_F(EntryStoreFaultTest, AKillInADeleteClearOrSweepLeavesASubset) {  // ST-PRC-05
  Faults faults;
  const auto empty = cache_->usage().used_bytes;
  struct Case {
    const char* name;
    std::function<void()> body;
    int least;
  };
  const Case cases[] = {
      {"delete", [&] { (void)cache_->remove("victim"); }, 5},
      {"clear", [&] { (void)cache_->clear(); }, 6},
      {"sweep", [&] { (void)cache_->set("large", letters('l', 800000), 0, kNow + 100); }, 8},
  };
  for (const Case& c : cases) {
    const int kills = faults.sweep_kills(
        "static/*",
        [&] {
          start_over();
          ASSERT_TRUE(*cache_->set("victim", letters('v', 1000), 0, kNow));
          for (int i = 0; i < 20; ++i)
            ASSERT_TRUE(*cache_->set("old" + std::to_string(i), letters('x', 20000), 50, kNow));
        },
        c.body,
        [&](int n) {
          const auto value = get("victim");
          EXPECT_TRUE(!value || identical(*value, letters('v', 1000))) << c.name << n;
          if (!get("bystander")) {
            ASSERT_TRUE(*cache_->set("bystander", letters('b', 3000), 0, kNow));
          }
          expect_sound();
          EXPECT_EQ(get("victim").has_value(), value.has_value()) << c.name << n;
        });
    EXPECT_GE(kills, c.least) << c.name;
  }
  expect_no_loss(empty);
}

TEST_F(EntryStoreFaultTest, AKilledCounterStandsBeforeOrAfterItsStep) {  // ST-PRC-06
  Faults faults;
  const int kills = faults.sweep_kills(
      "static/*",
      [&] {
        start_over();
        ASSERT_TRUE(*cache_->set("n", Value(10), 0, kNow));
      },
      [&] { (void)cache_->increment("n", 1, kNow); },
      [&](int) {
        const std::int64_t value = get("n")->as_int();
        EXPECT_TRUE(value == 10 || value == 11);
        EXPECT_EQ((*cache_->increment("n", 5, kNow))->value, value + 5);
        expect_sound();
      });
  EXPECT_GE(kills, 4);
}

TEST_F(EntryStoreFaultTest, AKilledReaderHoldsNothing) {  // ST-PRC-07
  Faults faults;
  const int kills = faults.sweep_kills(
      "static/*", [&] { start_over(); }, [&] { (void)cache_->get("bystander", kNow, heap_); },
      [&](int) {
        expect_sound();
        const auto used = cache_->usage().used_bytes;
        ASSERT_TRUE(*cache_->remove("bystander"));
        EXPECT_LT(cache_->usage().used_bytes, used);
      });
  EXPECT_GE(kills, 4);
}

TEST_F(EntryStoreFaultTest, ReadersDoNotWaitForAPausedWriter) {  // GU-LIV-06
  Faults faults;
  start_over();
  const char* const places[] = {"static/lock/held",  "static/store/begin",   "static/allocate",
                                "static/store/copy", "static/store/publish", "static/store/account",
                                "static/store/end",  "static/lock/release"};
  for (const char* place : places) {
    const std::string key = std::string("paused at ") + place;
    faults.arm({points::pause_at(place)});
    const pid_t writer = fork_mortal();
    if (writer == 0) {
      (void)cache_->set(key, letters('w', 2000), 0, kNow);
      _exit(0);
    }
    ASSERT_TRUE(faults.block().wait_held(place, points::kAnyWorker, std::chrono::seconds(2))) << place;
    const std::string keys[] = {"bystander", key};
    const auto end = run_in_child(
        [&] {
          if (!get("bystander") || !*cache_->has("bystander", kNow)) _exit(2);
          if (!cache_->get_multiple(keys, kNow, heap_)) _exit(3);
          (void)cache_->usage();
        },
        std::chrono::milliseconds(500));
    EXPECT_EQ(end, ChildEnd::returned) << place;
    kill(writer, SIGKILL);
    reap(writer);
    faults.block().forget(writer);
    faults.disarm();
    expect_sound();
  }
}

TEST_F(EntryStoreFaultTest, ALockThatFailsIsAnErrorAndTheNextCallWorks) {  // GU-LIV-04, GU-LIV-05
  Faults faults;
  faults.arm({points::fail("static/lock/acquire", ENOLCK)});
  const auto refused = cache_->set("a", Value(1), 0, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ENOLCK);
  EXPECT_TRUE(*cache_->set("a", Value(1), 0, kNow));
  faults.arm({points::fail("static/lock/acquire", EINTR, points::from(1).at_most(50))});
  EXPECT_TRUE(*cache_->set("a", Value(2), 0, kNow));
  faults.disarm();
}

TEST_F(EntryStoreFaultTest, AnAllocationThatFailsIsARefusal) {
  Faults faults;
  start_over();
  ASSERT_TRUE(*cache_->set("a", letters('o', 100), 0, kNow));
  const auto used = cache_->usage().used_bytes;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    faults.arm({points::fail("static/allocate", ENOMEM, points::once(n))});
    EXPECT_FALSE(*cache_->set(n == 1 ? "a" : "new", letters('n', 100), 0, kNow));
    faults.disarm();
    EXPECT_EQ(cache_->usage().used_bytes, used);
    EXPECT_TRUE(identical(*get("a"), letters('o', 100)));
  }
}

TEST_F(EntryStoreFaultTest, RandomKillsOfWorkersAtFullSpeed) {  // ST-PRC-02, GU-LIV-01
  start_over();
  auto work = [&](unsigned seed) {
    for (unsigned i = seed;; i = i * 1103515245 + 12345) {
      const std::string key = "k" + std::to_string(i >> 16 & 15);
      if ((i >> 8) % 16 == 0) {
        (void)cache_->remove(key);
      } else {
        (void)cache_->set(key, checked(1 + (i >> 10) % 30000), 0, kNow);
      }
      if (const auto value = cache_->get(key, kNow, heap_); value && *value && !is_whole(**value)) _exit(9);
    }
  };
  for (int round = 0; round < 60; ++round) {
    pid_t workers[2];
    for (int i = 0; i < 2; ++i) {
      workers[i] = fork_mortal();
      if (workers[i] == 0) work(static_cast<unsigned>(round * 2 + i + 1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(1000 + round * 97));
    for (const pid_t worker : workers) {
      kill(worker, SIGKILL);
      const int status = reap(worker);
      EXPECT_TRUE(WIFSIGNALED(status)) << "a worker saw a torn value";
    }
    for (int i = 0; i < 16; ++i) {
      const auto value = get("k" + std::to_string(i));
      EXPECT_TRUE(!value || is_whole(*value));
    }
    expect_sound();
  }
}

TEST_F(EntryStoreFaultTest, ThreadsNeverSeeAMixture) {  // ST-SET-03, ST-GET-12, ST-PRC-11
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, reads = 0;
  ASSERT_TRUE(*cache_->set("k", checked(5000), 0, kNow));
  auto write = [&](std::size_t size) {
    for (std::size_t i = 0; i < 3000 || reads < 100; ++i) (void)cache_->set("k", checked(size + i % 3 * 900), 0, kNow);
  };
  auto read = [&] {
    Heap heap;
    while (!done) {
      const auto value = cache_->get("k", kNow, heap);
      if (!value || !*value || !is_whole(**value)) ++wrong;
      ++reads;
    }
  };
  std::thread reader(read);
  std::thread one(write, 4000);
  std::thread two(write, 4007);
  one.join();
  two.join();
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(EntryStoreFaultTest, GetMultipleSeesOneState) {  // ST-GET-10, ST-SET-19
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, pairs = 0;
  const std::vector<std::string> keys = {"second", "filler1", "filler2", "first"};
  auto read = [&] {
    Heap heap;
    while (!done) {
      const auto values = cache_->get_multiple(keys, kNow, heap);
      if (!values) {
        ++wrong;
        continue;
      }
      // `first` is written before `second`, and a clear takes both.
      const auto& second = (*values)[0];
      const auto& first = (*values)[3];
      if (second && (!first || first->as_int() < second->as_int())) ++wrong;
      if (second) ++pairs;
    }
  };
  std::thread reader(read);
  for (int i = 0; i < 4000 || pairs < 100; ++i) {
    (void)cache_->set("first", Value(i), 0, kNow);
    (void)cache_->set("second", Value(i), 0, kNow);
    if (i % 5 == 0) (void)cache_->clear();
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(EntryStoreFaultTest, CountersOfThreadsAndProcessesAddUp) {  // ST-CNT-01
  auto count = [&] {
    for (int i = 0; i < 1000; ++i) (void)cache_->increment("n", 1, kNow);
  };
  const pid_t child = fork_mortal();
  if (child == 0) {
    count();
    _exit(0);
  }
  std::thread other(count);
  count();
  other.join();
  reap(child);
  EXPECT_EQ(get("n")->as_int(), 3000);
}

}  // namespace
}  // namespace assay::reference
