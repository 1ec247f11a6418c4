#include "conformance/adapters/php/map_directives.h"

#include <gtest/gtest.h>

namespace assay::conformance::php {
namespace {

const IniSettings size = {{"apc.shm_size", "{MiB}M"}}, off = {{"apc.enabled", "0"}};

TEST(MapDirectives, TheSizeOfTheVolatileBackendIsWhatTheMapCallsIt) {
  IniSettings ini = {{"memory_limit", "1M"}, {"opcache.static_cache.volatile_size_mb", "8"}};
  translate_size(ini, size, off);
  EXPECT_EQ(ini, (IniSettings{{"memory_limit", "1M"}, {"apc.shm_size", "8M"}}));
}

TEST(MapDirectives, ZeroSwitchesTheCacheOff) {
  IniSettings ini = {{"opcache.static_cache.volatile_size_mb", "0"}};
  translate_size(ini, size, off);
  EXPECT_EQ(ini, (IniSettings{{"apc.enabled", "0"}}));
}

TEST(MapDirectives, SeveralDirectivesCanBeOneSize) {
  IniSettings ini = {{"opcache.static_cache.volatile_size_mb", "8"}};
  translate_size(ini, {{"a", "{MiB}"}, {"b", "7"}}, off);
  EXPECT_EQ(ini, (IniSettings{{"a", "8"}, {"b", "7"}}));
}

TEST(MapDirectives, ASizeMayHaveALeast) {
  for (const auto& [asked, given] : {std::pair("1", "4M"), std::pair("4", "4M"), std::pair("16", "16M")}) {
    IniSettings ini = {{"opcache.static_cache.volatile_size_mb", asked}};
    translate_size(ini, {{"a", "{MiB>=4}M"}}, off);
    EXPECT_EQ(ini, (IniSettings{{"a", given}}));
  }
}

TEST(MapDirectives, WithoutWordsTheTracesOwnDirectiveStays) {
  const IniSettings given = {{"opcache.static_cache.volatile_size_mb", "8"}};
  IniSettings ini = given;
  translate_size(ini, {}, off);
  EXPECT_EQ(ini, given);
}

}  // namespace
}  // namespace assay::conformance::php
