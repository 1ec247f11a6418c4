// What one or two workers see of the script cache in good weather. Each test names the clauses it is about.

#include <gtest/gtest.h>

#include <string>

#include "reference/tests/script_cache/script_cache_fixture.h"

namespace assay::reference {
namespace {

class ScriptCacheTest : public ScriptCacheFixture {};

TEST_F(ScriptCacheTest, AStoredScriptIsAHitInEveryWorker) {  // SC-STA-03, SC-STA-05, SC-KEY-01
  start();
  files_.write("/srv/a.php", "A", 100);
  EXPECT_EQ(one_->request("/srv/a.php", 1000), "A");
  EXPECT_EQ(two_->request("/srv/a.php", 1001), "A");
  const CacheStatus now = status();
  EXPECT_EQ(now.hits, 1u);
  EXPECT_EQ(now.misses(), 1u);
  EXPECT_EQ(now.cached_scripts, 1u);
  EXPECT_EQ(now.cached_keys, 1u);
  EXPECT_EQ(now.max_cached_keys, 223u);
  EXPECT_EQ(now.start_time, 500);
  EXPECT_DOUBLE_EQ(now.hit_rate(), 50);
  one_->begin(1002);
  const auto scripts = one_->status().scripts;
  ASSERT_EQ(scripts.size(), 1u);
  EXPECT_EQ(scripts[0].full_path, "/srv/a.php");
  EXPECT_EQ(scripts[0].hits, 1u);
  EXPECT_EQ(scripts[0].last_used, 1001);
  EXPECT_EQ(scripts[0].timestamp, 100);
}

TEST_F(ScriptCacheTest, WhatMayNotBeReadIsRefusedWhereThatIsAsked) {  // SC-SEC-01
  for (const char* validate : {"0", "1"}) {
    start({{"opcache.validate_permission", validate}});
    files_.unreadable.clear();
    files_.write("/srv/a.php", "A", 100);
    EXPECT_EQ(one_->request("/srv/a.php", 1000), "A");
    files_.unreadable["/srv/a.php"] = true;
    const CacheStatus before = status();
    EXPECT_EQ(two_->request("/srv/a.php", 1001), validate[0] == '1' ? "forbidden" : "A");
    EXPECT_EQ(status().hits - before.hits, validate[0] == '1' ? 0u : 1u);
    EXPECT_EQ(status().all_misses, before.all_misses);
    two_->begin(1002);
    EXPECT_TRUE(two_->is_cached("/srv/a.php"));
    two_->end();
  }
}

TEST_F(ScriptCacheTest, AFreshRuntimeIsEmpty) {  // SC-STA-09, SC-SEG-08
  start();
  const CacheStatus now = status();
  EXPECT_EQ(now.hits + now.misses() + now.cached_scripts + now.memory.wasted, 0u);
  EXPECT_EQ(now.last_restart_time, 0);
  EXPECT_GT(now.memory.used, 1u << 20);
  EXPECT_EQ(now.interned.buffer_size, 1u << 20);
  EXPECT_EQ(now.hit_rate(), 0);
  expect_adds_up();
}

TEST_F(ScriptCacheTest, AStoreCostsItsSizeAndOneLine) {  // SC-ALL-02
  start();
  files_.write("/srv/a.php", big(1234), 100);
  const auto before = status().memory.free;
  one_->request("/srv/a.php", 1000);
  one_->begin(1000);
  const auto size = one_->status().scripts[0].memory_consumption;
  EXPECT_EQ(size % 8, 0u);
  EXPECT_EQ(before - status().memory.free, size + 64);
}

TEST_F(ScriptCacheTest, InvalidationMovesExactlyTheScriptToWaste) {  // SC-ALL-03, SC-ALL-04, SC-API-05, SC-KEY-12
  start();
  files_.write("/srv/a.php", big(1000), 100);
  one_->begin(1000);
  one_->include("/srv/a.php");
  const auto size = one_->status().scripts[0].memory_consumption;
  const auto free = status().memory.free;
  EXPECT_TRUE(one_->invalidate("/srv/a.php"));
  EXPECT_EQ(status().memory.wasted, size);
  EXPECT_TRUE(one_->invalidate("/srv/a.php"));
  EXPECT_EQ(status().memory.wasted, size);
  EXPECT_EQ(status().memory.free, free);
  EXPECT_FALSE(one_->is_cached("/srv/a.php"));
  EXPECT_EQ(one_->status().scripts[0].timestamp, 0);
  EXPECT_EQ(one_->include("/srv/a.php"), big(1000));
  EXPECT_EQ(status().cached_keys, 1u);
  EXPECT_EQ(one_->status().scripts[0].timestamp, 100);
  EXPECT_EQ(one_->status().scripts[0].hits, 0u);
  expect_adds_up();
}

TEST_F(ScriptCacheTest, EqualStringsOfScriptsAreStoredOnce) {  // SC-INT-01
  start();
  files_.write("/srv/a.php", "text: shared by both", 100);
  files_.write("/srv/b.php", "text: shared by both", 100);
  const auto fresh = status().interned;
  one_->request("/srv/a.php", 1000);
  const auto after = status().interned;
  EXPECT_EQ(after.strings, fresh.strings + 1);
  EXPECT_EQ(after.used + after.free, after.buffer_size);
  two_->request("/srv/b.php", 1000);
  EXPECT_EQ(status().interned.used, after.used);
}

TEST_F(ScriptCacheTest, StringsWithoutRoomGoIntoTheScript) {  // SC-INT-02
  start();
  const std::string content = "text:" + std::string(100000, 's');
  for (int i = 0; i < 12; ++i) {
    const std::string path = "/srv/" + std::to_string(i) + ".php";
    files_.write(path, content + std::to_string(i), 100);
    EXPECT_EQ(one_->request(path, 1000), content + std::to_string(i));
  }
  const CacheStatus now = status();
  EXPECT_LT(now.interned.free, 110000u);
  EXPECT_EQ(now.cached_scripts, 12u);
  EXPECT_FALSE(now.cache_full || now.restart_pending);
  two_->begin(1001);
  const auto scripts = two_->status().scripts;
  EXPECT_GT(scripts[11].memory_consumption, scripts[0].memory_consumption + 100000);
  EXPECT_EQ(two_->include("/srv/11.php"), content + "11");
}

TEST_F(ScriptCacheTest, TheFreshnessWindowIsSharedAndInWholeSeconds) {  // SC-VAL-02, SC-VAL-04
  start({{"opcache.revalidate_freq", "2"}});
  files_.write("/srv/a.php", "old", 100);
  EXPECT_EQ(one_->request("/srv/a.php", 1000), "old");
  files_.write("/srv/a.php", "new", 200);
  EXPECT_EQ(two_->request("/srv/a.php", 1001), "old");
  EXPECT_EQ(two_->request("/srv/a.php", 1002), "old");
  EXPECT_EQ(two_->request("/srv/a.php", 1003), "new");
}

TEST_F(ScriptCacheTest, FrequencyZeroChecksEachUse) {  // SC-VAL-03, SC-VAL-05, SC-VAL-06
  start();
  files_.write("/srv/a.php", "old", 100);
  one_->begin(1000);
  EXPECT_EQ(one_->include("/srv/a.php"), "old");
  files_.write("/srv/a.php", "unseen", 100);
  EXPECT_EQ(one_->include("/srv/a.php"), "old");
  files_.write("/srv/a.php", "older", 50);
  EXPECT_EQ(one_->include("/srv/a.php"), "older");
  EXPECT_EQ(status().misses(), 2u);
  EXPECT_EQ(status().cached_keys, 1u);
  EXPECT_GT(status().memory.wasted, 0u);
}

TEST_F(ScriptCacheTest, WithoutValidationNothingIsLookedAt) {  // SC-VAL-01
  start({{"opcache.validate_timestamps", "0"}});
  files_.write("/srv/a.php", "old", 100);
  one_->request("/srv/a.php", 1000);
  files_.files.clear();
  EXPECT_EQ(two_->request("/srv/a.php", 9000), "old");
}

TEST_F(ScriptCacheTest, ADeletedFileFailsAndInvalidates) {  // SC-VAL-07, SC-STA-05
  start();
  files_.write("/srv/a.php", "A", 100);
  one_->request("/srv/a.php", 1000);
  files_.files.clear();
  EXPECT_EQ(two_->request("/srv/a.php", 1001), "missing");
  EXPECT_GT(status().memory.wasted, 0u);
  EXPECT_EQ(status().misses(), 2u);  // gone, and still listed
  EXPECT_EQ(two_->request("/srv/a.php", 1001), "missing");
  EXPECT_EQ(status().misses(), 3u);
  EXPECT_EQ(two_->request("/srv/none.php", 1001), "missing");
  EXPECT_EQ(status().misses(), 3u);
}

TEST_F(ScriptCacheTest, YoungFilesAreNotStored) {  // SC-VAL-08, SC-VAL-13
  start({{"opcache.file_update_protection", "2"}});
  files_.write("/srv/a.php", "A", 1000);
  EXPECT_EQ(one_->request("/srv/a.php", 1000), "A");
  EXPECT_EQ(one_->request("/srv/a.php", 1001), "A");
  EXPECT_EQ(status().cached_scripts, 0u);
  EXPECT_EQ(one_->request("/srv/a.php", 1002), "A");
  EXPECT_EQ(status().cached_scripts, 1u);
  EXPECT_EQ(status().misses(), 3u);
  files_.write("/srv/a.php", "B", 1009);
  EXPECT_EQ(one_->request("/srv/a.php", 1010), "B");
  EXPECT_EQ(one_->request("/srv/a.php", 1010), "B");
  const auto wasted = status().memory.wasted;
  EXPECT_GT(wasted, 0u);
  EXPECT_EQ(one_->request("/srv/a.php", 1011), "B");
  EXPECT_EQ(two_->request("/srv/a.php", 1012), "B");
  EXPECT_EQ(status().hits, 1u);
  EXPECT_EQ(status().memory.wasted, wasted);
}

TEST_F(ScriptCacheTest, UnknownTimesAreNotStored) {  // SC-VAL-09
  start();
  files_.write("/srv/zero.php", "Z", 0);
  files_.write("/srv/before.php", "B", -5);
  one_->request("/srv/zero.php", 1000);
  one_->request("/srv/before.php", 1000);
  EXPECT_EQ(status().cached_scripts, 1u);
  start({{"opcache.validate_timestamps", "0"}});
  one_->request("/srv/zero.php", 1000);
  EXPECT_EQ(status().cached_scripts, 1u);
}

TEST_F(ScriptCacheTest, AClockSetBackDelaysTheCheck) {  // SC-VAL-10
  start({{"opcache.revalidate_freq", "2"}});
  files_.write("/srv/a.php", "old", 100);
  one_->request("/srv/a.php", 5000);
  files_.write("/srv/a.php", "new", 200);
  EXPECT_EQ(one_->request("/srv/a.php", 1400), "old");
  EXPECT_EQ(one_->request("/srv/a.php", 5003), "new");
}

TEST_F(ScriptCacheTest, QueriesCheckAndMoveTheWindowButInvalidateNothing) {  // SC-VAL-11, SC-API-10
  start({{"opcache.revalidate_freq", "3"}});
  files_.write("/srv/a.php", "old", 100);
  one_->request("/srv/a.php", 1000);
  two_->begin(1004);
  EXPECT_TRUE(two_->is_cached("/srv/a.php"));
  files_.write("/srv/a.php", "new", 200);
  two_->begin(1007);
  EXPECT_TRUE(two_->is_cached("/srv/a.php"));
  two_->begin(1008);
  EXPECT_FALSE(two_->is_cached("/srv/a.php"));
  EXPECT_EQ(status().memory.wasted, 0u);
  EXPECT_EQ(status().hits, 0u);
  EXPECT_FALSE(two_->is_cached("/srv/./a.php"));
}

TEST_F(ScriptCacheTest, InvalidateAnswersForFilesAndKeys) {  // SC-API-02, SC-API-03, SC-API-04, SC-API-06
  start({{"opcache.revalidate_freq", "60"}});
  files_.write("/srv/a.php", "A", 100);
  files_.write("/srv/text.txt", "never used", 100);
  files_.links["/link/a.php"] = "/srv/a.php";
  one_->begin(1000);
  one_->include("/srv/a.php");
  EXPECT_TRUE(one_->invalidate("/srv/a.php", false));
  EXPECT_TRUE(one_->is_cached("/srv/a.php"));
  EXPECT_TRUE(one_->invalidate("/srv/text.txt"));
  EXPECT_FALSE(one_->invalidate("/srv/none.php"));
  EXPECT_TRUE(one_->invalidate("/link/a.php"));
  EXPECT_FALSE(one_->is_cached("/srv/a.php"));
  one_->include("/srv/a.php");
  files_.write("/srv/a.php", "B", 200);
  EXPECT_TRUE(one_->invalidate("/srv/a.php", false));
  EXPECT_FALSE(one_->is_cached("/srv/a.php"));
  one_->include("/srv/a.php");
  files_.files.erase("/srv/a.php");
  EXPECT_FALSE(one_->invalidate("/srv/./a.php"));
  EXPECT_TRUE(one_->invalidate("/srv/a.php", false));
  EXPECT_FALSE(one_->invalidate("/srv/a.php", false));
}

TEST_F(ScriptCacheTest, ExclusionsAndTheirCounters) {  // SC-EXC-03, SC-EXC-05, SC-STA-06, SC-PER-03
  start({{"opcache.max_file_size", "10"}});
  files_.write("/srv/black.php", "B", 100);
  files_.write("/srv/ten.php", "0123456789", 100);
  files_.write("/srv/eleven.php", "0123456789a", 100);
  files_.write("/srv/bad.php", "parse error", 100);
  files_.excluded["/srv/black.php"] = true;
  one_->begin(1000);
  one_->include("/srv/black.php");
  one_->include("/srv/ten.php");
  one_->include("/srv/eleven.php");
  EXPECT_EQ(one_->include("/srv/bad.php"), "failed");  // too large as well
  EXPECT_EQ(status().blacklist_misses, 3u);
  EXPECT_EQ(status().misses(), 1u);
  EXPECT_EQ(status().cached_scripts, 1u);
  EXPECT_DOUBLE_EQ(status().blacklist_miss_ratio(), 75);
}

TEST_F(ScriptCacheTest, StreamsAreNoKeys) {  // SC-KEY-15
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.links["zip://x"] = files_.links["FILE:///srv/a.php"] = files_.links["file:///srv/a.php"] = "/srv/a.php";
  one_->begin(1000);
  EXPECT_EQ(one_->include("zip://x"), "A");
  EXPECT_EQ(one_->include("FILE:///srv/a.php"), "A");
  EXPECT_EQ(status().misses() + status().cached_keys, 0u);
  EXPECT_EQ(one_->include("file:///srv/a.php"), "A");
  EXPECT_EQ(status().cached_keys, 2u);
}

TEST_F(ScriptCacheTest, SwitchedOffForOneRequest) {  // SC-API-11
  start();
  files_.write("/srv/a.php", "A", 100);
  one_->begin(1000);
  one_->include("/srv/a.php");
  EXPECT_EQ(change_at_run_time(one_->client().settings(), "opcache.enable", "0"), "1");
  EXPECT_EQ(one_->include("/srv/a.php"), "A");
  EXPECT_FALSE(one_->client().is_usable());
  EXPECT_FALSE(one_->reset() || one_->is_cached("/srv/a.php") || one_->invalidate("/srv/a.php"));
  EXPECT_TRUE(one_->status().scripts.empty());
  EXPECT_EQ(status().hits, 0u);
  EXPECT_EQ(one_->request("/srv/a.php", 1001), "A");
  EXPECT_EQ(status().hits, 1u);
}

TEST(ScriptCacheStart, FailsClearlyWithoutRoom) {  // SC-SIZ-02, SC-SEG-07, GU-SYS-01
  Settings settings = parse_settings({{"opcache.memory_consumption", "8"}}).settings;
  const auto full = ScriptCache::create(settings, 0);
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().message.find("interned_strings_buffer"), std::string::npos);
  settings = parse_settings({{"opcache.lockfile_path", "/nonexistent-assay"}}).settings;
  const auto lockless = ScriptCache::create(settings, 0);
  ASSERT_FALSE(lockless);
  EXPECT_EQ(lockless.error().code, ENOENT);
}

TEST(ScriptCacheStart, AClientWithoutCacheRunsFromSource) {  // SC-SEG-09
  FakeFiles files;
  files.write("/srv/a.php", "A", 100);
  const Settings settings;
  ScriptCacheClient client(nullptr, settings);
  client.begin_request(1000);
  FakeSource file(files, "/srv/a.php");
  EXPECT_EQ(FakeScript::text_of(*client.use({.spelling = "/srv/a.php"}, file)->script), "A");
  EXPECT_FALSE(*client.reset());
  EXPECT_FALSE(client.status(true));
}

}  // namespace
}  // namespace assay::reference
