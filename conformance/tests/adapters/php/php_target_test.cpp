#include "conformance/adapters/php/php_target.h"

#include <dlfcn.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <exception>

#include "conformance/adapters/php/php_binary.h"
#include "conformance/tests/adapters/php/php_fixture.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;

TEST(PhpTarget, DescribesItself) {
  if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
  auto& target = target_of("php-fpm");
  ASSERT_TRUE(target) << target.error().message;
  const Description& description = (*target)->description();
  EXPECT_EQ(description.name, "php-fpm");
  EXPECT_TRUE(description.features.contains("script_cache"));
  EXPECT_FALSE(description.features.contains("static_cache.volatile") && description.version.starts_with("8.2."));
  EXPECT_EQ(description.contract, "php-" + description.version);
}

TEST(PhpTargetOptions, BadOptionsAreToldClearly) {
  const auto why = [](const std::string& name, const std::string& value) {
    auto target = fpm_target_kind().make({{name, value}});
    return target ? std::string("made") : target.error().message;
  };
  EXPECT_THAT(why("php", "/nonexistent/php-fpm"), HasSubstr("/nonexistent/php-fpm"));
  EXPECT_THAT(why("php", "/bin/true"), HasSubstr("not PHP"));
  EXPECT_THAT(why("ini", "nothing"), HasSubstr("ini=DIRECTIVE=VALUE"));
  if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
  EXPECT_THAT(why("extension", "no_such_thing"), HasSubstr("no_such_thing"));
  EXPECT_THAT(why("ini", "opcache.enable=0"), HasSubstr("OPcache does not run"));
  EXPECT_THAT(apcu_target_kind().make({{"ini", "apc.enabled=0"}}).error().message, HasSubstr("apc.enabled"));
}

TEST(PhpSelfCheck, LibraryThatInterposesNothingIsNoticed) {
  if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
  Dl_info info{};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&std::terminate), &info), 0);
  setenv("ASSAY_INTERPOSER", info.dli_fname, 1);
  const auto fpm = fpm_target_kind().make({});
  setenv("ASSAY_INTERPOSER", "/nonexistent/library.so", 1);
  const auto missing = fpm_target_kind().make({});
  unsetenv("ASSAY_INTERPOSER");
  ASSERT_FALSE(fpm);
  EXPECT_THAT(fpm.error().message, HasSubstr("the interposer does not work"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/library.so"));
}

TEST(PhpSelfCheck, PhpThatDiesAtStartIsTold) {
  const auto php = find_php_fpm();
  if (!php) GTEST_SKIP() << php.error().message();
  const TestFolder folder;
  const std::string fake = folder.write_program(
      "php-fpm", "#!/bin/sh\ncase \"$*\" in *-F*) echo out of luck >&2; exit 7;; esac\nexec " + *php + " \"$@\"\n");
  const auto target = fpm_target_kind().make({{"php", fake}});
  ASSERT_FALSE(target);
  EXPECT_THAT(target.error().message, HasSubstr("status 7"));
  EXPECT_THAT(target.error().message, HasSubstr("out of luck"));
}

}  // namespace
}  // namespace assay::conformance::php
