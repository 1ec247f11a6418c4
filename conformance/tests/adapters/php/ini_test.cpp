#include "conformance/adapters/php/ini.h"

#include <gtest/gtest.h>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/command.h"
#include "conformance/adapters/php/php_binary.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

TEST(IniValue, PlainWordsStayBare) {
  for (const char* plain : {"1", "64M", "-1", "on", "E_ALL", "/tmp/a-b_c.so", "0.5", "a,b"}) {
    EXPECT_EQ(quote_ini_value(plain).value(), plain);
  }
}

TEST(IniValue, EverythingElseIsQuotedInPieces) {
  EXPECT_EQ(quote_ini_value("").value(), "\"\"");
  EXPECT_EQ(quote_ini_value("a b").value(), "'a b'");
  EXPECT_EQ(quote_ini_value("it's").value(), "'it'\"'\"'s'");
  EXPECT_EQ(quote_ini_value("''x").value(), "\"''\"'x'");
}

TEST(IniValue, WhatCannotBeWritten) {
  for (const std::string& bad : {std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3)}) {
    EXPECT_EQ(quote_ini_value(bad).error().kind, Failure::Kind::unusable);
  }
  for (const char* bad : {"", "a b", "a=b", "a[b]"}) {
    EXPECT_EQ(ini_assignment(bad, "1").error().kind, Failure::Kind::unusable);
  }
}

// PHP itself says what it read: the setting comes back in the table that "-i" prints.
TEST(IniValue, PhpReadsTheSameBytes) {
  const auto path = find_php_fpm();
  if (!path) GTEST_SKIP() << path.error().message();
  for (const char* value :
       {"a b",          "it's", "'",   "''", "\"", "'\"'", "${HOME}", "$x",  "a\\b", "tail\\",   "\\'",
        "a;b",          "a=b",  "a|b", "!x", "~x", "(x)",  "x&y",     "[x]", "#x",   "\xc3\xa9", "'a' ${b}; \"c\\\"",
        "null and void"}) {
    const auto assignment = ini_assignment("user_agent", value);
    ASSERT_TRUE(assignment);
    const auto output = run_command({*path, "-n", "-d", *assignment, "-i"}, plain_environment(), 5s);
    ASSERT_TRUE(output);
    const std::string expected = std::string("\nuser_agent => ") + value + " => " + value + "\n";
    EXPECT_NE(output->text.find(expected), std::string::npos) << value;
  }
}

}  // namespace
}  // namespace assay::conformance::php
