#include "conformance/command/options.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay::conformance {
namespace {

std::string complaint(const CLI::Validator& validator, std::string text) {
  return validator(text);
}

TEST(Options, AWholeNumberIsDigitsInItsRange) {
  const auto number = whole_number(1, 256);
  for (const char* good : {"1", "256", "007"}) EXPECT_EQ(complaint(number, good), "") << good;
  for (const char* bad : {"", "0", "257", "-1", "+1", "1.5", "1e2", " 1", "1 ", "0x10", "99999999999999999999999"})
    EXPECT_NE(complaint(number, bad), "") << bad;
  EXPECT_EQ(complaint(number, "-1"), "-1 is no whole number from 1 to 256");
}

TEST(Options, TheLargestNumberIsNoOverflow) {
  const auto number = whole_number(0, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(complaint(number, "18446744073709551615"), "");
  EXPECT_NE(complaint(number, "18446744073709551616"), "");
}

TEST(Options, ANameMustNotBeEmpty) {
  EXPECT_EQ(complaint(not_empty(), "r.json"), "");
  EXPECT_NE(complaint(not_empty(), ""), "");
}

}  // namespace
}  // namespace assay::conformance
