#include "conformance/adapters/php/php_target.h"  // Before gmock, whose macro ACTION is in the way of its headers.

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "conformance/tests/adapters/php/php_fixture.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

class PhpDriverTraceTest : public PhpFixture {};

TEST_F(PhpDriverTraceTest, DriverLeavesNoTraceInTheScriptCache) {
  start(two_workers());
  write("a.php", "<?php return 1;");
  request(0, {include("@/a.php")});
  // The declared difference: uses of files that are not stored are counted.
  const auto status = [&] {
    Value value = ask(K::script_status).value;
    Value* statistics = const_cast<Value*>(value.find(Key("opcache_statistics")));
    EXPECT_TRUE(statistics);
    std::erase_if(statistics->own_array(), [](const auto& e) {
      return e.first == Key("blacklist_misses") || e.first == Key("blacklist_miss_ratio");
    });
    return value;
  };
  const auto misses = [&] { return number(ask(K::script_status).value, {"opcache_statistics", "blacklist_misses"}); };
  const Value before = status();
  EXPECT_EQ(number(before, {"opcache_statistics", "num_cached_scripts"}), 1);
  EXPECT_EQ(number(before, {"opcache_statistics", "num_cached_keys"}), 1);
  EXPECT_EQ(number(before, {"opcache_statistics", "hits"}), 0);
  EXPECT_EQ(number(before, {"opcache_statistics", "misses"}), 1);
  for (int worker : {0, 1}) {
    request(worker, {make_operation(K::time, {}), make_operation(K::realpath, {{"path", "@/a.php"}}),
                     make_operation(K::cache_get, {{"key", "k"}}), make_operation(K::current_dir, {})});
  }
  EXPECT_EQ(to_text(status(), 100000), to_text(before, 100000));
  const auto count = misses();
  request(1, {make_operation(K::time, {})});
  EXPECT_EQ(misses(), count + 2);  // That request, and the one that asks.
  EXPECT_EQ(ask(K::script_configuration).value.find(Key("blacklist"))->as_array().size(), 0u);
}

TEST_F(PhpDriverTraceTest, DriverLeavesNoTraceInTheRealpathCache) {
  start();
  std::filesystem::create_directories(sandbox_.root / "d");
  const auto listing = make_operation(K::realpath_cache_get, {});
  const auto size = make_operation(K::realpath_cache_size, {});
  const auto resolve = make_operation(K::realpath, {{"path", "@/d"}});
  const auto clear = make_operation(K::clear_stat_cache, {{"realpath", true}});
  // In one request after a clear there is nothing of the driver; in a new request it would be there again.
  const auto inside = request(0, {clear, size, resolve, listing, size});
  EXPECT_EQ(inside.replies[1].value, Value(0));
  const auto next = request(0, {listing, size});
  EXPECT_EQ(next.replies[0].value, inside.replies[3].value);
  EXPECT_EQ(next.replies[1].value, inside.replies[4].value);
  for (const auto& [path, entry] : next.replies[0].value.as_array()) {
    EXPECT_EQ(std::get<std::string>(path).find("scratch"), std::string::npos);
  }
  EXPECT_EQ(request(0, {make_operation(K::current_dir, {})}).replies[0].value, Value("@"));
}

TEST_F(PhpDriverTraceTest, WorkersStartWithoutEntriesOfTheirMaster) {
  Configuration configuration;
  configuration.pools = {Pool{}, Pool{1, {{"realpath_cache_size", "-1"}}}};
  start(configuration);
  control_->advance_clock(7s);
  const auto reply = ask(K::realpath_cache_get);
  ASSERT_FALSE(reply.value.as_array().empty());  // Ancestors of the sandbox, which the driver has too.
  for (const auto& [path, entry] : reply.value.as_array()) {
    EXPECT_EQ(number(entry, {"expires"}), clock_start + 7 + 120) << to_text(reply);
  }
  EXPECT_EQ(ask(K::realpath_cache_size, {}, 1).value, Value(0));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}).value, Value("4096K"));
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}, 1).value, Value("-1"));
}

TEST_F(PhpDriverTraceTest, SizeOfTheRealpathCacheIsTheConfiguredOne) {
  Configuration configuration;
  configuration.ini = {{"realpath_cache_size", "1K"}};
  start(configuration);
  EXPECT_EQ(ask(K::ini_get, {{"name", "realpath_cache_size"}}).value, Value("1K"));
}

}  // namespace
}  // namespace assay::conformance::php
