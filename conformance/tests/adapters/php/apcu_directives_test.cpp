#include "conformance/adapters/php/apcu_directives.h"

#include <gtest/gtest.h>

namespace assay::conformance::php {
namespace {

TEST(ApcuDirectives, TheSizeOfTheVolatileBackendIsThatOfTheSegment) {
  IniSettings ini = {{"memory_limit", "1M"}, {"opcache.static_cache.volatile_size_mb", "8"}};
  translate_to_apcu(ini);
  EXPECT_EQ(ini, (IniSettings{{"memory_limit", "1M"}, {"apc.shm_size", "8M"}}));
}

TEST(ApcuDirectives, ZeroSwitchesApcuOff) {
  IniSettings ini = {{"opcache.static_cache.volatile_size_mb", "0"}};
  translate_to_apcu(ini);
  EXPECT_EQ(ini, (IniSettings{{"apc.enabled", "0"}}));
}

}  // namespace
}  // namespace assay::conformance::php
