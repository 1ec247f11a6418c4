#include "conformance/command/contract_choice.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Description target_with(const char* contract) {
  Description description;
  description.name = "some";
  description.contract = contract;
  return description;
}

TEST(ContractChoice, APhpTakesThatOfItsBranch) {
  const auto choice = choose_contract("", target_with("php-8.4.14"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->contract.name(), "php-8.4");
  EXPECT_EQ(choice->php, "8.4.14");
  EXPECT_THAT(choice->notice, IsEmpty());
}

TEST(ContractChoice, ANewerPhpTakesTheNewestWithANotice) {
  const auto choice = choose_contract("", target_with("php-97.1.0-dev"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->contract.name(), Contract::names().back());
  EXPECT_THAT(choice->notice, HasSubstr("97.1.0-dev"));
  EXPECT_THAT(choice->notice, HasSubstr("--contract"));
}

TEST(ContractChoice, WhatIsAskedForIsTaken) {
  const auto choice = choose_contract("php-8.2", target_with("php-8.4.14"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->contract.name(), "php-8.2");
  EXPECT_EQ(choice->php, "8.4.14");
  EXPECT_THAT(choice->notice, IsEmpty());
  EXPECT_EQ(choose_contract("portable", target_with("php-99.0.0"))->contract.name(), "portable");
}

TEST(ContractChoice, WhatIsNoPhpIsPortable) {
  const auto choice = choose_contract("", target_with("portable"));
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->contract.name(), "portable");
  EXPECT_EQ(choice->php, "");
}

TEST(ContractChoice, AnOlderPhpOrAnUnknownNameIsRefused) {
  for (const char* own : {"php-7.3.33", "php-", "whatever"}) {
    const auto choice = choose_contract("", target_with(own));
    ASSERT_FALSE(choice) << own;
    EXPECT_THAT(choice.error().message, HasSubstr("--contract"));
  }
}

}  // namespace
}  // namespace assay::conformance
