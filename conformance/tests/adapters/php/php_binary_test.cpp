#include "conformance/adapters/php/php_binary.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

std::string why_unusable(const std::string& path, std::chrono::milliseconds limit = 5s) {
  const auto binary = inspect_php_binary(path, {}, limit);
  if (binary) return "usable";
  EXPECT_EQ(binary.error().kind, Failure::Kind::unusable);
  EXPECT_THAT(binary.error().message(), StartsWith(path));
  EXPECT_FALSE(binary.error().remedy.empty());
  return binary.error().what;
}

TEST(PhpBinary, RealProgram) {
  const auto path = find_php_fpm();
  if (!path) GTEST_SKIP() << path.error().message();
  const auto binary = inspect_php_binary(*path, {});
  ASSERT_TRUE(binary) << binary.error().message();
  EXPECT_THAT(binary->version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
  EXPECT_THAT(binary->opcache_version, ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
  EXPECT_EQ(binary->sapi, "fpm-fcgi");
  EXPECT_THAT(binary->realpath_cache_size, ::testing::MatchesRegex("[0-9]+[KM]?"));
  EXPECT_TRUE(std::filesystem::is_directory(binary->extension_folder)) << binary->extension_folder;
  EXPECT_NE(std::find(binary->modules.begin(), binary->modules.end(), "Core"), binary->modules.end());
}

TEST(PhpBinary, CommandLinePhp) {
  const auto path = find_php_cli();
  if (!path) GTEST_SKIP() << path.error().message();
  const auto binary = inspect_php_binary(*path, {}, 5s, Sapi::cli);
  ASSERT_TRUE(binary) << binary.error().message();
  EXPECT_EQ(binary->sapi, "cli");
  const TestFolder folder;
  const std::string fpm = folder.write_program("fpm", "#!/bin/sh\necho 'PHP 8.2.1 (fpm-fcgi) (built: x)'\n");
  const auto other = inspect_php_binary(fpm, {}, 5s, Sapi::cli);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message(),
              HasSubstr("interface is fpm-fcgi, not cli. Name the php program of the same build"));
}

TEST(PhpBinary, ExtensionThatCannotBeLoaded) {
  const auto path = find_php_fpm();
  if (!path) GTEST_SKIP() << path.error().message();
  const auto binary = inspect_php_binary(*path, {});
  ASSERT_TRUE(binary);
  const auto checked = check_extension(*binary, {}, "no_such_thing");
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message(), HasSubstr("no_such_thing"));
  EXPECT_THAT(checked.error().message(), HasSubstr(binary->extension_folder));
}

TEST(PhpBinary, UnusablePaths) {
  const TestFolder folder;
  EXPECT_THAT(why_unusable(folder.path() + "/missing"), HasSubstr("No such file"));
  EXPECT_THAT(why_unusable(folder.path()), HasSubstr("not a file"));
  EXPECT_THAT(why_unusable(folder.write("plain", "text")), HasSubstr("not executable"));
  EXPECT_THAT(why_unusable(folder.write_program("not-php", "#!/bin/sh\necho hello\n")), HasSubstr("not PHP"));
  EXPECT_THAT(why_unusable(folder.write_program("silent", "#!/bin/sh\n")), HasSubstr("not PHP"));
  EXPECT_THAT(why_unusable(folder.write_program("bad-interpreter", "#!/nonexistent\n")), HasSubstr("not PHP"));
  EXPECT_THAT(why_unusable(folder.write_program("hangs", "#!/bin/sh\nsleep 30\n"), 100ms), HasSubstr("did not end"));
  EXPECT_THAT(why_unusable(folder.write_program("cli", "#!/bin/sh\necho 'PHP 8.2.1 (cli) (built: x)'\n")),
              HasSubstr("interface is cli"));
  EXPECT_THAT(why_unusable(folder.write_program("old", "#!/bin/sh\necho 'PHP 7.3.33 (fpm-fcgi) (built: x)'\n")),
              HasSubstr("PHP 7.4 is the oldest"));
  EXPECT_THAT(why_unusable(folder.write_program("bare", "#!/bin/sh\necho 'PHP 8.2.1 (fpm-fcgi) (built: x)'\n")),
              HasSubstr("no OPcache"));
}

// A program that says what an old one, or one with its parts elsewhere, says.
std::string scripted(const std::string& modules, const std::string& with) {
  return "#!/bin/sh\ncase \"$*\" in\n*" + with + "*-m*) echo '" + modules + "';;\n*-m*) echo '[PHP Modules]';;\n" +
         "*-v*) echo 'PHP 7.4.33 (fpm-fcgi) (built: x)'; echo '    with Zend OPcache v7.4.33, by';;\n" +
         "*) echo; echo 'extension_dir => /x';;\nesac\n";
}

TEST(PhpBinary, JsonAsAModule) {
  const TestFolder folder;
  const auto loaded = inspect_php_binary(folder.write_program("module", scripted("json", "extension=json")), {});
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_TRUE(loaded->json_is_module);
  EXPECT_TRUE(loaded->opcache_built_in);
  const auto built_in = inspect_php_binary(folder.write_program("built-in", scripted("json", "")), {});
  ASSERT_TRUE(built_in) << built_in.error().message();
  EXPECT_FALSE(built_in->json_is_module);
  EXPECT_THAT(why_unusable(folder.write_program("without", scripted("x", "extension=json"))), HasSubstr("has no json"));
}

TEST(PhpBinary, DirectivesReachTheInspection) {
  const TestFolder folder;
  const std::string path = folder.write_program("elsewhere", scripted("json", "extension_dir=/far"));
  EXPECT_THAT(why_unusable(path), HasSubstr("has no json"));
  EXPECT_TRUE(inspect_php_binary(path, {{"extension_dir", "/far"}}));
}

TEST(PhpBinary, FindsTheCommandLineProgramBesideIt) {
  const TestFolder folder;
  const std::string fpm = folder.write_program("php-fpm9.9", "");
  EXPECT_EQ(find_cli_of(fpm), "");
  folder.write_program("php9.9", "");
  EXPECT_EQ(find_cli_of(fpm), folder.path() + "/php9.9");
}

TEST(PhpBinary, FindsThePlainNameOrElseTheNewest) {
  const TestFolder first;
  const TestFolder second;
  first.write_program("php-fpm8.2", "");
  first.write_program("php-fpm8.9-old", "");
  const std::string places = first.path() + "::" + second.path();
  EXPECT_EQ(find_php_fpm(places).value(), first.path() + "/php-fpm8.2");
  second.write_program("php-fpm8.10", "");
  EXPECT_EQ(find_php_fpm(places).value(), second.path() + "/php-fpm8.10");
  second.write_program("php-fpm", "");
  EXPECT_EQ(find_php_fpm(places).value(), second.path() + "/php-fpm");
  const auto none = find_php_fpm("/nonexistent");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr("/nonexistent: no php-fpm found"));
}

}  // namespace
}  // namespace assay::conformance::php
