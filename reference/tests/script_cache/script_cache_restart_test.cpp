// Running out of room, and restarts.

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <atomic>
#include <string>
#include <thread>

#include "reference/tests/lock/process_harness.h"
#include "reference/tests/script_cache/script_cache_fixture.h"

namespace assay::reference {
namespace {

class ScriptCacheRestartTest : public ScriptCacheFixture {
 protected:
  // Fills memory with scripts until one does not fit any more; the number that fitted.
  int fill(std::size_t size, const std::string& prefix = "/srv/fill") {
    for (int i = 0;; ++i) {
      const std::string path = prefix + std::to_string(i);
      files_.write(path, big(size), 100);
      const auto before = status().cached_scripts;
      one_->request(path, 1000);
      if (status().cached_scripts == before) return i;
    }
  }
};

TEST_F(ScriptCacheRestartTest, AFailureWithoutWasteSchedulesNothing) {  // SC-RST-01, SC-RST-03, SC-RST-04
  start();
  EXPECT_GT(fill(320000), 15);
  EXPECT_FALSE(status().cache_full);
  EXPECT_FALSE(status().restart_pending);
  files_.write("/srv/tiny.php", "tiny", 100);
  one_->request("/srv/tiny.php", 1000);
  one_->begin(1000);
  EXPECT_TRUE(one_->is_cached("/srv/tiny.php"));
  const auto misses = status().misses();
  files_.write("/srv/large.php", big(400000), 100);
  EXPECT_EQ(one_->include("/srv/large.php"), big(400000));
  EXPECT_EQ(one_->include("/srv/large.php"), big(400000));
  EXPECT_EQ(status().misses(), misses + 2);
}

TEST_F(ScriptCacheRestartTest, NearlyEmptyTailMarksTheCacheFull) {  // SC-RST-03, SC-RST-05, SC-RST-20
  start();
  fill(320000);
  fill(30000, "/srv/small");
  EXPECT_TRUE(status().cache_full);
  EXPECT_FALSE(status().restart_pending);
  files_.write("/srv/tiny.php", "tiny", 100);
  const auto before = status();
  EXPECT_EQ(one_->request("/srv/tiny.php", 1000), "tiny");
  EXPECT_EQ(status().cached_scripts, before.cached_scripts);
  EXPECT_EQ(status().all_misses, before.all_misses + 1);
  EXPECT_EQ(one_->request("/srv/fill3", 1000), big(320000));
  EXPECT_EQ(status().hits, before.hits + 1);
}

TEST_F(ScriptCacheRestartTest, TheLimitOf64KiBIsExact) {  // SC-RST-03
  for (const bool full : {false, true}) {
    start({{"opcache.max_wasted_percentage", "50"}});
    // One script leaves a tail of 65536 bytes, or of 8 less. Its size goes up by 32 with each eight letters, and by 8
    // with the length of its path.
    const std::uint64_t tail = 65536 - (full ? 8 : 0);
    files_.write("/srv/empty..", "", 100);
    one_->request("/srv/empty..", 1000);
    one_->begin(1000);
    const std::uint64_t least = one_->status().scripts[0].memory_consumption;
    const std::uint64_t missing = status().memory.free - 64 - least - tail;
    const std::string path = "/srv/larger." + std::string(missing % 32, '.');
    files_.write(path, std::string(missing / 32 * 8, 'x'), 100);
    one_->request(path, 1000);
    ASSERT_EQ(status().memory.free, tail);
    files_.write("/srv/b.php", big(100000), 100);
    one_->request("/srv/b.php", 1000);
    EXPECT_EQ(status().cache_full, full);
  }
}

TEST_F(ScriptCacheRestartTest, WasteAndAFailureScheduleARestart) {  // SC-RST-01, SC-RST-02, SC-RST-13
  start();
  const auto fresh = status().memory;
  fill(320000);
  one_->begin(1000);
  EXPECT_TRUE(one_->invalidate("/srv/fill0"));
  EXPECT_TRUE(one_->invalidate("/srv/fill1"));
  EXPECT_FALSE(status().restart_pending);
  EXPECT_EQ(one_->include("/srv/fill0"), big(320000));
  EXPECT_TRUE(status().restart_pending);
  EXPECT_TRUE(one_->client().is_usable());
  one_->end();
  one_->begin(2000);
  const CacheStatus now = status();
  EXPECT_EQ(now.oom_restarts, 1u);
  EXPECT_EQ(now.manual_restarts + now.hash_restarts, 0u);
  EXPECT_FALSE(now.restart_pending || now.cache_full);
  EXPECT_EQ(now.memory.free, fresh.free);
  EXPECT_EQ(now.memory.wasted + now.hits + now.misses() + now.cached_keys, 0u);
  EXPECT_EQ(now.start_time, 500);
  EXPECT_EQ(now.last_restart_time, 2000);
  EXPECT_EQ(one_->include("/srv/fill0"), big(320000));
  EXPECT_TRUE(one_->is_cached("/srv/fill0"));
}

TEST_F(ScriptCacheRestartTest, AFullTableIsFullOnlyAtTheNextAttempt) {  // SC-RST-07, SC-KEY-13, SC-KEY-14
  start();
  for (int i = 0; i < 223; ++i) files_.write("/srv/" + std::to_string(i), "S", 100);
  for (int i = 0; i < 223; ++i) one_->request("/srv/" + std::to_string(i), 1000);
  EXPECT_EQ(status().cached_keys, 223u);
  EXPECT_FALSE(status().cache_full);
  files_.links["/link/5"] = "/srv/5";
  EXPECT_EQ(one_->request("/link/5", 1000), "S");
  EXPECT_EQ(status().hits, 1u);
  EXPECT_TRUE(status().cache_full);
  EXPECT_FALSE(status().restart_pending);
  files_.write("/srv/7", "changed", 101);
  EXPECT_EQ(one_->request("/srv/7", 1000), "changed");
  one_->begin(1000);
  EXPECT_FALSE(one_->is_cached("/srv/7"));
}

TEST_F(ScriptCacheRestartTest, AFullTableRestartsWithEnoughWaste) {  // SC-RST-06, SC-RST-07
  start({{"opcache.max_wasted_percentage", "1"}});
  for (int i = 0; i < 224; ++i) files_.write("/srv/" + std::to_string(i), i == 0 ? big(100000) : "S", 100);
  for (int i = 0; i < 224; ++i) one_->request("/srv/" + std::to_string(i), 1000);
  EXPECT_TRUE(status().cache_full);
  EXPECT_FALSE(status().restart_pending);
  one_->begin(1000);
  EXPECT_TRUE(one_->invalidate("/srv/0"));
  EXPECT_TRUE(status().restart_pending);
  one_->end();
  one_->begin(1001);
  EXPECT_EQ(status().hash_restarts, 1u);
}

TEST_F(ScriptCacheRestartTest, AManualRestartIsServedByTheNextRequest) {  // SC-RST-08, SC-RST-10, SC-RST-11, SC-RST-18
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.write("/srv/b.php", "B", 100);
  EXPECT_FALSE(one_->begin(1000));
  EXPECT_FALSE(two_->begin(1000));
  two_->end();
  one_->include("/srv/a.php");
  const auto generation = status().generation;
  EXPECT_TRUE(one_->reset());
  EXPECT_FALSE(one_->reset());
  EXPECT_TRUE(one_->client().is_usable());
  EXPECT_TRUE(one_->is_cached("/srv/a.php"));
  EXPECT_EQ(one_->include("/srv/a.php"), "A");
  EXPECT_EQ(one_->include("/srv/b.php"), "B");
  EXPECT_FALSE(one_->is_cached("/srv/b.php"));
  EXPECT_EQ(status().hits, 1u);
  EXPECT_EQ(status().misses(), 2u);
  one_->end();
  EXPECT_TRUE(status().restart_pending);
  EXPECT_TRUE(two_->begin(1001)) << "each worker learns that there was a restart";
  EXPECT_FALSE(status().restart_pending);
  EXPECT_EQ(status().manual_restarts, 1u);
  EXPECT_GT(status().generation, generation);
  EXPECT_TRUE(one_->begin(1001));
  EXPECT_FALSE(one_->begin(1002));
}

TEST_F(ScriptCacheRestartTest, UsersHoldARestartOffAndLaterRequestsStayOutside) {  // SC-RST-09, SC-RST-12, SC-RST-22
  start();
  files_.write("/srv/a.php", "A", 100);
  one_->begin(1000);
  one_->include("/srv/a.php");
  two_->begin(1000);
  EXPECT_TRUE(two_->reset());
  two_->end();
  for (int i = 0; i < 3; ++i) {
    two_->begin(1001);
    EXPECT_TRUE(status().restart_pending);
    EXPECT_FALSE(two_->client().is_usable());
    EXPECT_EQ(two_->include("/srv/a.php"), "A");
    EXPECT_FALSE(two_->reset() || two_->is_cached("/srv/a.php") || two_->invalidate("/srv/a.php"));
    EXPECT_TRUE(two_->status().scripts.empty());
  }
  EXPECT_EQ(status().hits, 0u);
  EXPECT_EQ(status().misses(), 1u);
  EXPECT_EQ(one_->include("/srv/a.php"), "A");
  one_->end();
  one_->begin(1002);
  EXPECT_EQ(status().manual_restarts, 1u);
  EXPECT_FALSE(two_->client().is_usable());
  EXPECT_EQ(two_->include("/srv/a.php"), "A");
  EXPECT_EQ(status().misses(), 0u);
  EXPECT_TRUE(two_->reset()) << "as SC-RST-22 says";
}

TEST_F(ScriptCacheRestartTest, RestartTimesAlwaysRise) {  // SC-RST-14
  start();
  const std::int64_t times[] = {2000, 2000, 2000, 1500, 5000};
  const std::int64_t expected[] = {2000, 2001, 2002, 2003, 5000};
  for (int i = 0; i < 5; ++i) {
    one_->begin(times[i]);
    EXPECT_TRUE(one_->reset());
    one_->begin(times[i]);
    EXPECT_EQ(status().last_restart_time, expected[i]);
  }
  EXPECT_EQ(status().manual_restarts, 5u);
}

TEST_F(ScriptCacheRestartTest, OneReasonOneCounter) {  // SC-RST-17
  start();
  one_->begin(1000);
  two_->begin(1000);
  EXPECT_TRUE(one_->reset());
  EXPECT_FALSE(two_->reset());
  fill(320000);
  EXPECT_EQ(status().manual_restarts, 1u);
  EXPECT_EQ(status().oom_restarts, 0u);
}

TEST_F(ScriptCacheRestartTest, InternedStringsReturnToTheStart) {  // SC-INT-03
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.links["/other"] = "/srv/a.php";
  const auto fresh = status().interned;
  one_->begin(1000);
  one_->include("/srv/a.php");
  one_->include("/other");
  EXPECT_GT(status().interned.used, fresh.used);
  one_->reset();
  one_->begin(1001);
  EXPECT_EQ(status().interned.used, fresh.used);
  EXPECT_EQ(status().interned.strings, fresh.strings);
}

TEST_F(ScriptCacheRestartTest, PoolsWithTheCacheOffNeitherPerformNorHold) {  // SC-RST-11
  start();
  Settings off = settings_;
  off.enable = false;
  FakeWorker outside(*cache_, off, files_);
  files_.write("/srv/a.php", "A", 100);
  one_->begin(1000);
  one_->reset();
  one_->end();
  outside.begin(1001);
  EXPECT_EQ(outside.include("/srv/a.php"), "A");
  EXPECT_TRUE(status().restart_pending);
  one_->begin(1002);
  EXPECT_FALSE(status().restart_pending);
}

TEST_F(ScriptCacheRestartTest, AHolderIsEndedWhenItsTimeIsOver) {  // SC-RST-15, SC-RST-16
  for (const bool stubborn : {false, true}) {
    start({{"opcache.force_restart_timeout", "10"}});
    files_.write("/srv/a.php", "A", 100);
    const pid_t holder = fork_mortal();
    if (holder == 0) {
      if (stubborn) signal(SIGTERM, SIG_IGN);
      one_->begin(1000);
      one_->include("/srv/a.php");
      pause();
      _exit(0);
    }
    while (status().misses() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    two_->begin(1000);
    EXPECT_TRUE(two_->reset());
    two_->begin(1009);
    EXPECT_EQ(waitpid(holder, nullptr, WNOHANG), 0);
    two_->begin(1010);
    EXPECT_FALSE(two_->client().is_usable());
    const int end = reap(holder);
    EXPECT_EQ(WTERMSIG(end), stubborn ? SIGKILL : SIGTERM);
    two_->begin(1011);
    EXPECT_EQ(status().manual_restarts, 1u);
    two_->end();
  }
}

}  // namespace
}  // namespace assay::reference
