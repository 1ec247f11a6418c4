// By which names a script is found in the cache. Each test names the clauses it is about.

#include <gtest/gtest.h>

#include <string>

#include "reference/tests/script_cache/script_cache_fixture.h"

namespace assay::reference {
namespace {

class ScriptCacheKeys : public ScriptCacheFixture {};

TEST_F(ScriptCacheKeys, OtherSpellingsAddOneKeyEach) {  // SC-KEY-02, SC-ALL-07
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.links["/srv/./a.php"] = "/srv/a.php";
  files_.links["/link/a.php"] = "/srv/a.php";
  one_->begin(1000);
  one_->include("/srv/a.php");
  const auto free = status().memory.free;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one_->include("/srv/./a.php"), "A");
    EXPECT_EQ(one_->include("/link/a.php"), "A");
  }
  EXPECT_EQ(status().cached_keys, 3u);
  EXPECT_EQ(status().cached_scripts, 1u);
  EXPECT_EQ(status().misses(), 1u);
  EXPECT_EQ(status().hits, 6u);
  EXPECT_EQ(status().memory.free, free);
}

TEST_F(ScriptCacheKeys, RelativeSpellingsAreKeyedByWhatDecidesThem) {  // SC-KEY-03
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.links["a.php"] = "/srv/a.php";
  one_->begin(1000);
  one_->include("a.php");
  EXPECT_EQ(status().cached_keys, 2u);
  one_->directory = "/elsewhere";
  one_->include("a.php");
  EXPECT_EQ(status().cached_keys, 3u);
  one_->include("a.php");
  EXPECT_EQ(status().cached_keys, 3u);
}

TEST_F(ScriptCacheKeys, WithoutInternedStringsRelativeSpellingsStayOutside) {  // SC-KEY-05, SC-INT-04, SC-ALL-07
  start({{"opcache.interned_strings_buffer", "0"}});
  files_.write("/srv/a.php", "A", 100);
  files_.links["a.php"] = "/srv/a.php";
  files_.links["/srv/./a.php"] = "/srv/a.php";
  one_->begin(1000);
  EXPECT_EQ(one_->include("a.php"), "A");
  EXPECT_EQ(status().cached_keys + status().misses() + status().hits, 0u);
  one_->include("/srv/a.php");
  const auto free = status().memory.free;
  one_->include("/srv/./a.php");
  EXPECT_EQ(status().cached_keys, 2u);
  EXPECT_LT(status().memory.free, free);
}

TEST_F(ScriptCacheKeys, RevalidatePathKnowsResolvedPathsOnly) {  // SC-KEY-07
  start({{"opcache.revalidate_path", "1"}});
  files_.write("/srv/a.php", "A", 100);
  files_.links["/link/a.php"] = "/srv/a.php";
  one_->begin(1000);
  EXPECT_EQ(one_->include("/link/a.php"), "A");
  EXPECT_EQ(one_->include("/link/a.php"), "A");
  EXPECT_EQ(status().cached_keys, 1u);
  EXPECT_EQ(status().hits, 1u);
  EXPECT_FALSE(one_->is_cached("/link/a.php"));
}

TEST_F(ScriptCacheKeys, OnceFormsAddTheSpellingAtTheSecondUse) {  // SC-KEY-10
  start();
  files_.write("/srv/a.php", "A", 100);
  files_.links["/link/a.php"] = "/srv/a.php";
  const std::uint64_t expected[] = {1, 2, 2};
  for (const std::uint64_t keys : expected) {
    one_->begin(1000);
    EXPECT_EQ(one_->include_once("/link/a.php"), "A");
    EXPECT_EQ(status().cached_keys, keys);
  }
  EXPECT_EQ(status().misses(), 1u);
}

TEST_F(ScriptCacheKeys, ASwitchedLinkIsFollowedByIncludesNotByTheMainScript) {  // SC-KEY-08, SC-KEY-09
  start();
  files_.write("/r1/a.php", "one", 100);
  files_.write("/r2/a.php", "two", 200);
  files_.links["/current/a.php"] = "/r1/a.php";
  one_->begin(1000);
  EXPECT_EQ(one_->include("/current/a.php", true), "one");
  files_.links["/current/a.php"] = "/r2/a.php";
  EXPECT_EQ(one_->include("/current/a.php", true), "one");
  EXPECT_EQ(one_->include("/current/a.php"), "two");
  EXPECT_GT(status().memory.wasted, 0u);
  EXPECT_EQ(one_->include("/current/a.php", true), "two");
  EXPECT_EQ(status().cached_scripts, 2u);
  EXPECT_EQ(status().cached_keys, 3u);
}

}  // namespace
}  // namespace assay::reference
