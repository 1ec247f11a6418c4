#include "reference/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/config/ini_value.h"

namespace assay::reference {
namespace {

using testing::HasSubstr;

ParsedSettings with(const char* directive, const char* text) {
  return parse_settings({{directive, text}});
}

TEST(Settings, DefaultsAreThoseOfTheManual) {
  const ParsedSettings parsed = parse_settings({});
  EXPECT_TRUE(parsed.warnings.empty());
  EXPECT_EQ(parsed.settings.memory_consumption_bytes, 134217728);
  EXPECT_EQ(parsed.settings.interned_strings_buffer_bytes, 8388608);
  EXPECT_EQ(parsed.settings.table_capacity(), 16229u);
  EXPECT_EQ(parsed.settings.volatile_size_bytes, 8388608);
  EXPECT_EQ(parsed.settings.realpath_cache_size_bytes, 4194304);
}

TEST(Settings, MemoryConsumptionIgnoresTrailingTextAndRejectsBelowEight) {  // SC-SIZ-01
  EXPECT_EQ(with("opcache.memory_consumption", "64M").settings.memory_consumption_bytes, 64 << 20);
  EXPECT_EQ(with("opcache.memory_consumption", "8.9").settings.memory_consumption_bytes, 8 << 20);
  for (const char* bad : {"7", "0", "abc", "-1"}) {
    const ParsedSettings parsed = with("opcache.memory_consumption", bad);
    EXPECT_EQ(parsed.settings.memory_consumption_bytes, 128 << 20) << bad;
    ASSERT_FALSE(parsed.warnings.empty()) << bad;
    EXPECT_EQ(parsed.warnings.back().directive, "opcache.memory_consumption");
    EXPECT_THAT(parsed.warnings.back().message, HasSubstr("below the minimum of 8"));
  }
}

TEST(Settings, InternedBufferHasThreeKindsOfBadValue) {  // SC-SIZ-02
  EXPECT_EQ(with("opcache.interned_strings_buffer", "-1").settings.interned_strings_buffer_bytes, 8 << 20);
  EXPECT_EQ(with("opcache.interned_strings_buffer", "4096").settings.interned_strings_buffer_bytes, 8 << 20);
  EXPECT_EQ(with("opcache.interned_strings_buffer", "4095").settings.interned_strings_buffer_bytes, 4095LL << 20);
  const ParsedSettings text = with("opcache.interned_strings_buffer", "abc");
  EXPECT_EQ(text.settings.interned_strings_buffer_bytes, 0);
  EXPECT_EQ(text.warnings.size(), 1u);
}

TEST(Settings, TableSizeIsTheNextPrimeOfTheDocumentedTable) {  // SC-SIZ-03, SC-SIZ-04
  const std::pair<const char*, unsigned> cases[] = {
      {"200", 223},     {"223", 223},      {"224", 463},         {"463", 463},   {"464", 983},      {"10000", 16229},
      {"65407", 65407}, {"65408", 130987}, {"1000000", 1048793}, {"199", 16229}, {"1000001", 16229}};
  for (const auto& [text, capacity] : cases) {
    EXPECT_EQ(with("opcache.max_accelerated_files", text).settings.table_capacity(), capacity) << text;
  }
}

TEST(Settings, WasteThresholdIsTruncatedAndRejectedOutOfRange) {  // SC-SIZ-05
  const std::pair<const char*, int> cases[] = {{"0", 5}, {"1", 1}, {"50", 50}, {"51", 5}};
  for (const auto& [text, percent] : cases) {
    EXPECT_EQ(with("opcache.max_wasted_percentage", text).settings.max_wasted_percentage, percent) << text;
  }
  EXPECT_EQ(with("opcache.max_wasted_percentage", "5.9").settings.max_wasted_percentage, 5);
}

TEST(Settings, ConsistencyChecksAreForcedOff) {  // SC-PER-05
  const ParsedSettings parsed = with("opcache.consistency_checks", "10");
  EXPECT_EQ(parsed.settings.consistency_checks, 0);
  EXPECT_EQ(parsed.warnings.size(), 1u);
}

TEST(Settings, StaticCacheSizes) {  // ST-CFG-01, ST-CFG-03, ST-CFG-04
  EXPECT_EQ(with("opcache.static_cache.volatile_size_mb", "32").settings.volatile_size_bytes, 33554432);
  EXPECT_EQ(with("opcache.static_cache.volatile_size_mb", "32").settings.pinned_size_bytes, 8388608);
  EXPECT_EQ(with("opcache.static_cache.volatile_size_mb", "0").settings.volatile_size_bytes, 0);
  EXPECT_EQ(with("opcache.static_cache.volatile_size_mb", "1").settings.volatile_size_bytes, 8388608);
  EXPECT_EQ(with("opcache.static_cache.volatile_size_mb", "1").warnings.size(), 1u);
}

TEST(Settings, EvictionIsOneOfThree) {  // ST-FUL-04
  for (const char* known : {"refuse", "wipe", "lru"}) EXPECT_EQ(with("assay.evict", known).settings.evict, known);
  EXPECT_EQ(parse_settings({}).settings.evict, "refuse");
  EXPECT_EQ(with("assay.evict", "all").settings.evict, "refuse");
  EXPECT_EQ(with("assay.evict", "all").warnings.size(), 1u);
}

TEST(Settings, RealpathSizeTakesMultipliers) {
  EXPECT_EQ(with("realpath_cache_size", "16K").settings.realpath_cache_size_bytes, 16384);
  EXPECT_EQ(with("realpath_cache_size", "0").settings.realpath_cache_size_bytes, 0);
  EXPECT_EQ(with("realpath_cache_ttl", "-1").settings.realpath_cache_ttl, -1);
}

TEST(Settings, UnknownNamesOfTheCachesAreReported) {  // GU-SYS-02
  EXPECT_EQ(with("opcache.max_acelerated_files", "1").warnings.size(), 1u);
  EXPECT_TRUE(with("memory_limit", "1M").warnings.empty());
}

TEST(Settings, OnlySomeMayChangeAtRunTime) {  // SC-SIZ-06
  Settings settings = parse_settings({{"opcache.revalidate_freq", "7"}}).settings;
  EXPECT_EQ(change_at_run_time(settings, "opcache.revalidate_freq", "0"), "7");
  EXPECT_EQ(settings.revalidate_freq, 0);
  EXPECT_EQ(change_at_run_time(settings, "opcache.file_update_protection", "0"), "2");
  EXPECT_EQ(change_at_run_time(settings, "opcache.enable", "1"), std::nullopt);
  EXPECT_EQ(change_at_run_time(settings, "opcache.enable", "0"), "1");
  EXPECT_FALSE(settings.enable);
  for (const char* fixed : {"opcache.memory_consumption", "opcache.use_cwd", "opcache.consistency_checks",
                            "opcache.max_file_size", "opcache.lockfile_path", "unknown"}) {
    EXPECT_EQ(change_at_run_time(settings, fixed, "1"), std::nullopt) << fixed;
  }
}

TEST(Settings, TextsAreThoseGivenOrTheDefaults) {  // RP-INI-01
  const Settings settings = parse_settings({{"realpath_cache_ttl", "1.5"}}).settings;
  EXPECT_EQ(text_of_setting(settings, "realpath_cache_ttl"), "1.5");
  EXPECT_EQ(text_of_setting(settings, "realpath_cache_size"), "4096K");
  EXPECT_EQ(text_of_setting(settings, "opcache.memory_consumption"), "128");
  EXPECT_EQ(text_of_setting(settings, "opcache.enable"), "1");
  EXPECT_EQ(text_of_setting(settings, "open_basedir"), "");
  EXPECT_EQ(text_of_setting(settings, "unknown"), std::nullopt);
}

TEST(Settings, ReportHasTheUnitsOfTheManual) {  // SC-STA-08
  const auto report = report_directives(parse_settings({}).settings);
  auto value = [&](std::string_view name) {
    for (const auto& [directive, found] : report) {
      if (directive == name) return found;
    }
    return DirectiveValue("missing");
  };
  EXPECT_EQ(value("opcache.memory_consumption"), DirectiveValue(std::int64_t{134217728}));
  EXPECT_EQ(value("opcache.interned_strings_buffer"), DirectiveValue(std::int64_t{8}));
  EXPECT_EQ(value("opcache.max_wasted_percentage"), DirectiveValue(0.05));
  EXPECT_EQ(value("opcache.use_cwd"), DirectiveValue(true));
  EXPECT_EQ(value("opcache.error_log"), DirectiveValue(std::string()));
}

TEST(IniValue, QuantitiesAsObserved) {  // black box, PHP 8.2.36
  struct Case {
    const char* text;
    std::int64_t value;
    bool complains;
  };
  for (const Case& c : {Case{"4M", 4194304, false},
                        {"4k", 4096, false},
                        {"4X", 4, true},
                        {"abc", 0, true},
                        {"0x10", 16, false},
                        {"", 0, false},
                        {"1.5M", 1048576, true},
                        {" 7", 7, false},
                        {"2G", 2147483648, false},
                        {"8 M", 8388608, false},
                        {"-1", -1, false},
                        {"99999999999999999999", INT64_MAX, false}}) {
    EXPECT_EQ(parse_ini_quantity(c.text).value, c.value) << c.text;
    EXPECT_EQ(!parse_ini_quantity(c.text).complaint.empty(), c.complains) << c.text;
  }
}

TEST(IniValue, Flags) {
  for (const char* yes : {"1", "On", "yes", "TRUE", "2", "-1"}) EXPECT_TRUE(parse_ini_flag(yes)) << yes;
  for (const char* no : {"0", "", "off", "no", "false", "none"}) EXPECT_FALSE(parse_ini_flag(no)) << no;
}

}  // namespace
}  // namespace assay::reference
