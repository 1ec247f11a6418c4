// What survivors of the script cache see when others are killed, stopped or refused.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "reference/tests/lock/process_harness.h"
#include "reference/tests/script_cache/script_cache_fixture.h"

namespace assay::reference {
namespace {

class ScriptCacheFaultTest : public ScriptCacheFixture {
 protected:
  void SetUp() override {
    start();
    files_.write("/srv/old.php", "OLD", 100);
    files_.write("/srv/victim.php", big(2000, 'v'), 100);
    files_.links["/link/victim.php"] = "/srv/victim.php";
  }

  // All that must hold once two workers have gone on for two requests each (GU-LIV-02, GU-RES-01, GU-VAL-07).
  void expect_settled(const std::string& what) {
    for (int round = 0; round < 2; ++round) {
      for (FakeWorker* worker : {one_.get(), two_.get()}) {
        worker->begin(now_);
        EXPECT_EQ(worker->include("/srv/old.php"), "OLD") << what;
        EXPECT_EQ(worker->include("/srv/victim.php"), big(2000, 'v')) << what;
        worker->end();
      }
    }
    const std::string path = "/srv/fresh" + std::to_string(++fresh_) + ".php";
    files_.write(path, path, 100);
    EXPECT_EQ(one_->request(path, now_), path) << what;
    two_->begin(now_);
    EXPECT_TRUE(two_->client().is_usable()) << what;
    EXPECT_TRUE(two_->is_cached(path)) << what;
    EXPECT_TRUE(two_->is_cached("/srv/victim.php")) << what;
    const CacheStatus now = two_->status();
    EXPECT_FALSE(now.restart_pending || now.restart_in_progress) << what;
    EXPECT_EQ(now.scripts.size(), now.cached_scripts) << what;
    two_->end();
    expect_adds_up();
    expect_all_accounted_for(what);
  }

  // Nothing is used but what is listed: a crash's loss is counted as wasted (GU-RES-03).
  void expect_all_accounted_for(const std::string& what) {
    two_->begin(now_);
    const CacheStatus now = two_->status();
    std::uint64_t expected = start_used_;
    for (const ScriptStatus& script : now.scripts) {
      if (script.timestamp != 0) expected += script.memory_consumption;
    }
    // Beside its size each store takes a line.
    const std::uint64_t slack = now.memory.used - expected;
    EXPECT_EQ(slack % 64, 0u) << what;
    EXPECT_LE(slack, 64 * stores_upper_bound()) << what;
    two_->end();
  }
  std::uint64_t stores_upper_bound() { return status().cached_scripts + 8; }

  void sweep(const std::string& points, const std::function<void()>& prepare, const std::function<void()>& body,
             int least) {
    Faults faults;
    const int kills = faults.sweep_kills(
        points,
        [&] {
          start();
          start_used_ = status().memory.used;
          one_->request("/srv/old.php", now_);
          prepare();
        },
        body, [&](int n) { expect_settled(points + " kill " + std::to_string(n)); });
    EXPECT_GE(kills, least) << points;
  }

  std::int64_t now_ = 1000;
  std::uint64_t start_used_ = 0;
  int fresh_ = 0;
};

TEST_F(ScriptCacheFaultTest, AKillInAStore) {  // SC-PER-07, SC-LCK-09, GU-LIV-01
  sweep(
      "*", [] {}, [&] { one_->request("/srv/victim.php", now_); }, 15);
}

TEST_F(ScriptCacheFaultTest, AKillInAStoreUnderAnotherSpelling) {
  sweep(
      "*", [] {}, [&] { one_->request("/link/victim.php", now_); }, 20);
}

TEST_F(ScriptCacheFaultTest, AKillInANewKey) {
  sweep(
      "*", [&] { one_->request("/srv/victim.php", now_); }, [&] { one_->request("/link/victim.php", now_); }, 10);
}

TEST_F(ScriptCacheFaultTest, AKillInAnInvalidationAndTheStoreAfterIt) {
  auto change = [&] {
    one_->begin(now_);
    one_->invalidate("/srv/victim.php");
    one_->include("/srv/victim.php");
    one_->end();
  };
  sweep(
      "*", [&] { one_->request("/srv/victim.php", now_); }, change, 20);
}

TEST_F(ScriptCacheFaultTest, AKillInARestart) {  // SC-RST-19 turned round: GU-LIV-02, GU-LIV-03
  auto schedule = [&] {
    one_->begin(now_);
    one_->reset();
    one_->end();
  };
  sweep(
      "*", schedule, [&] { one_->request("/srv/victim.php", now_); }, 20);
}

TEST_F(ScriptCacheFaultTest, ARestartThatWasInterruptedIsCountedOnce) {
  Faults faults;
  const int kills = faults.sweep_kills(
      "restart/*",
      [&] {
        start();
        one_->begin(now_);
        one_->reset();
        one_->end();
      },
      [&] { one_->begin(now_); },
      [&](int n) {
        one_->begin(now_ + 5);
        EXPECT_TRUE(one_->client().is_usable()) << n;
        EXPECT_EQ(status().manual_restarts, 1u) << n;
        EXPECT_EQ(status().generation, 2u) << n;
        EXPECT_TRUE(status().last_restart_time == now_ || status().last_restart_time == now_ + 5) << n;
        one_->end();
      });
  EXPECT_GE(kills, 8);
}

TEST_F(ScriptCacheFaultTest, AKillWhileTheCacheBecomesFull) {  // GU-RES-04
  Faults faults;
  const int kills = faults.sweep_kills(
      "*",
      [&] {
        start({{"opcache.max_wasted_percentage", "1"}});
        one_->begin(now_);
        for (int i = 0; i < 20; ++i) {
          const std::string path = "/srv/fill" + std::to_string(i);
          files_.write(path, big(330000), 100);
          one_->include(path);
        }
        one_->invalidate("/srv/fill1");
        one_->end();
        files_.write("/srv/toomuch.php", big(3000000), 100);
      },
      [&] { one_->request("/srv/toomuch.php", now_); },
      [&](int n) {
        EXPECT_EQ(one_->request("/srv/toomuch.php", now_), big(3000000)) << n;
        EXPECT_EQ(two_->request("/srv/fill3", now_), big(330000)) << n;
        EXPECT_EQ(one_->request("/srv/toomuch.php", now_), big(3000000)) << n;
        one_->begin(now_);
        EXPECT_TRUE(one_->client().is_usable()) << n;
        one_->end();
        EXPECT_EQ(status().oom_restarts, 1u) << n;
        expect_adds_up();
      });
  EXPECT_GE(kills, 8);
}

TEST_F(ScriptCacheFaultTest, HitsAndStatusDoNotWaitForAPausedWriter) {  // GU-LIV-06, SC-LCK-03
  Faults faults;
  for (const char* place : {"lock/write/held", "store/lookup", "segment/allocated", "store/copy", "table/publish",
                            "store/publish/count", "store/end"}) {
    start();
    one_->request("/srv/old.php", now_);
    faults.arm({points::pause_at(place)});
    const pid_t writer = fork_mortal();
    if (writer == 0) {
      one_->request("/srv/victim.php", now_);
      _exit(0);
    }
    ASSERT_TRUE(faults.block().wait_held(place, points::kAnyWorker, std::chrono::seconds(2))) << place;
    const auto end = run_in_child(
        [&] {
          two_->begin(now_);
          if (two_->include("/srv/old.php") != "OLD") _exit(2);
          if (!two_->is_cached("/srv/old.php")) _exit(3);
          if (two_->status().scripts.size() != two_->status().cached_scripts) _exit(4);
        },
        std::chrono::milliseconds(500));
    EXPECT_EQ(end, ChildEnd::returned) << place;
    kill(writer, SIGKILL);
    reap(writer);
    faults.block().forget(writer);
    faults.disarm();
  }
}

TEST_F(ScriptCacheFaultTest, RequestsGoOnBesideAPausedRestart) {
  Faults faults;
  one_->begin(now_);
  one_->reset();
  one_->end();
  faults.arm({points::pause_at("restart/clear/memory")});
  const pid_t performer = fork_mortal();
  if (performer == 0) {
    one_->begin(now_);
    _exit(0);
  }
  ASSERT_TRUE(faults.block().wait_held("restart/clear/memory", points::kAnyWorker, std::chrono::seconds(2)));
  const auto end = run_in_child(
      [&] {
        two_->begin(now_);
        if (two_->client().is_usable()) _exit(2);
        if (two_->include("/srv/old.php") != "OLD") _exit(3);
        if (!two_->status().restart_in_progress) _exit(4);
      },
      std::chrono::milliseconds(500));
  EXPECT_EQ(end, ChildEnd::returned);
  faults.block().release();
  reap(performer);
  faults.disarm();
  expect_adds_up();
  EXPECT_EQ(one_->request("/srv/old.php", now_), "OLD");
  EXPECT_EQ(status().manual_restarts, 1u);
}

TEST_F(ScriptCacheFaultTest, LockErrors) {  // SC-LCK-06, SC-LCK-07, SC-LCK-08
  Faults faults;
  one_->begin(now_);
  faults.arm({points::fail("lock/write/acquire", ENOLCK)});
  EXPECT_TRUE(one_->include("/srv/old.php").starts_with("error: cannot take the write lock"));
  EXPECT_EQ(status().cached_scripts, 0u);
  EXPECT_EQ(status().misses(), 1u);
  EXPECT_EQ(one_->include("/srv/old.php"), "OLD");
  faults.arm({points::fail("lock/write/acquire", EINTR, points::from(1).at_most(30))});
  EXPECT_EQ(one_->include("/srv/victim.php"), big(2000, 'v'));
  EXPECT_TRUE(one_->is_cached("/srv/victim.php"));
  faults.arm({points::fail("lock/usage/acquire", ENOLCK)});
  one_->begin(now_);
  const auto hits = status().hits;
  EXPECT_EQ(one_->include("/srv/old.php"), "OLD");
  EXPECT_EQ(status().hits, hits);
  EXPECT_EQ(one_->include("/srv/old.php"), "OLD");
  EXPECT_EQ(status().hits, hits + 1);
}

TEST_F(ScriptCacheFaultTest, MemoryAndTableRefusals) {
  Faults faults;
  for (const char* place : {"segment/allocate", "store/size", "table/insert"}) {
    start();
    faults.arm({points::fail(place, ENOMEM)});
    EXPECT_EQ(one_->request("/srv/victim.php", now_), big(2000, 'v')) << place;
    faults.disarm();
    EXPECT_EQ(status().cached_scripts, 0u) << place;
    expect_adds_up();
  }
}

TEST_F(ScriptCacheFaultTest, AChildOfARequestIsOnItsOwn) {  // GU-SYS-04
  one_->begin(now_);
  one_->include("/srv/old.php");
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  const pid_t child = fork_mortal();
  if (child == 0) {
    char byte;
    if (read(go[0], &byte, 1) != 1) _exit(9);
    // The parent's request ended and a restart was performed meanwhile.
    const bool right = one_->include("/srv/old.php") == "OLD" && !one_->client().is_usable();
    _exit(right ? 0 : 1);
  }
  one_->end();
  two_->begin(now_);
  EXPECT_TRUE(two_->reset());
  two_->begin(now_);
  EXPECT_EQ(status().manual_restarts, 1u) << "a child that uses nothing holds nothing";
  two_->end();
  ASSERT_EQ(write(go[1], "x", 1), 1);
  const int end = reap(child);
  EXPECT_EQ(WEXITSTATUS(end), 0);
  close(go[0]);
  close(go[1]);
}

TEST_F(ScriptCacheFaultTest, RandomKillsOfWorkersThatStoreInvalidateAndRestart) {
  auto work = [&](unsigned seed) {
    for (unsigned i = seed;; i = i * 1103515245 + 12345) {
      const std::string path = "/srv/s" + std::to_string(i >> 16 & 31) + ".php";
      one_->begin(now_);
      if (one_->include(path) != path) _exit(9);
      if (one_->include("/srv/old.php") != "OLD") _exit(9);
      if ((i >> 8) % 5 == 0) one_->invalidate(path);
      if ((i >> 8) % 7 == 0) one_->reset();
      if (one_->include(path) != path) _exit(9);
      one_->end();
    }
  };
  for (int i = 0; i < 32; ++i) {
    const std::string path = "/srv/s" + std::to_string(i) + ".php";
    files_.write(path, path, 100);
  }
  start_used_ = status().memory.used;
  // A restart needs a moment without a request, which is rare where three take turns on a busy machine.
  for (int round = 0; round < 60 || (status().manual_restarts <= 10 && round < 10'000); ++round) {
    pid_t workers[3];
    for (int i = 0; i < 3; ++i) {
      workers[i] = fork_mortal();
      if (workers[i] == 0) work(static_cast<unsigned>(round * 3 + i + 1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(2000 + round * 97));
    for (const pid_t worker : workers) {
      kill(worker, SIGKILL);
      const int end = reap(worker);
      EXPECT_TRUE(WIFSIGNALED(end)) << "a worker saw a wrong result";
    }
    one_->begin(now_);
    one_->end();
    two_->begin(now_);
    EXPECT_TRUE(two_->client().is_usable());
    EXPECT_EQ(two_->include("/srv/old.php"), "OLD");
    EXPECT_EQ(two_->status().scripts.size(), two_->status().cached_scripts);
    two_->end();
    expect_adds_up();
  }
  EXPECT_GT(status().manual_restarts, 10u);
}

TEST_F(ScriptCacheFaultTest, ThreadsStoreHitInvalidateAndRestart) {  // SC-LCK-05, ST-PRC-11
  std::atomic<int> wrong = 0;
  std::atomic<std::uint64_t> restarts = 0;
  for (int i = 0; i < 16; ++i) {
    const std::string path = "/srv/s" + std::to_string(i) + ".php";
    files_.write(path, path, 100);
  }
  auto work = [&](unsigned seed) {
    FakeFiles own = files_;
    FakeWorker worker(*cache_, settings_, own);
    for (unsigned n = 0, i = seed; n < 3000 || (restarts <= 10 && n < 1'000'000); ++n, i = i * 1103515245 + 12345) {
      const std::string path = "/srv/s" + std::to_string(i >> 16 & 15) + ".php";
      worker.begin(now_);
      if (worker.include(path) != path) ++wrong;
      if ((i >> 8) % 11 == 0) worker.invalidate(path);
      if ((i >> 8) % 29 == 0) worker.reset();
      if ((i >> 8) % 13 == 0) restarts = worker.status().manual_restarts;
      if (worker.include(path) != path) ++wrong;
      worker.end();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 3; ++i) threads.emplace_back(work, i + 1);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(status().manual_restarts, 10u);
  expect_adds_up();
}

TEST_F(ScriptCacheFaultTest, ManyWorkersCompileOneFileAndStoreItOnce) {  // SC-LCK-05
  Faults faults;
  // Both have compiled before the first takes the lock.
  faults.arm({points::pause_at("store/begin", points::always())});
  pid_t workers[2];
  for (pid_t& worker : workers) {
    worker = fork_mortal();
    if (worker == 0) _exit(one_->request("/srv/victim.php", now_) == big(2000, 'v') ? 0 : 1);
  }
  for (int waited = 0; faults.block().held().size() < 2 && waited < 1000; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_EQ(faults.block().held().size(), 2u);
  const auto free = status().memory.free;
  faults.disarm();
  for (const pid_t worker : workers) {
    const int end = reap(worker);
    EXPECT_EQ(WEXITSTATUS(end), 0);
  }
  EXPECT_EQ(status().misses(), 2u);
  EXPECT_EQ(status().cached_scripts, 1u);
  two_->begin(now_);
  EXPECT_EQ(free - status().memory.free, two_->status().scripts[0].memory_consumption + 64);
}

}  // namespace
}  // namespace assay::reference
