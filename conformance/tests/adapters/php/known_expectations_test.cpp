#include "conformance/adapters/php/known_expectations.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/catalogue/catalogue.h"
#include "conformance/registry/test_case.h"
#include "conformance/reports/expectations.h"

namespace assay::conformance {
namespace {

TEST(KnownExpectations, AreWellFormedAndNameTestsOfTheSuite) {
  for (const char* target : {"php-fpm", "php-cli", "apcu", "yac"}) {
    const auto entries = expectations_from_text(std::string(known_expectations(target)), target);
    ASSERT_TRUE(entries) << entries.error().message;
    EXPECT_GT(entries->size(), 5u);
    for (const Expectation& entry : *entries) {
      const bool named = find_clause(entry.clause) ||
                         std::any_of(all_tests().begin(), all_tests().end(),
                                     [&](const TestCase& test) { return matches_glob(entry.test, test.id); });
      EXPECT_TRUE(named) << target << ": " << entry.test;
    }
  }
}

TEST(KnownExpectations, OfAnotherTargetThereAreNone) {
  EXPECT_TRUE(known_expectations("reference").empty());
}

}  // namespace
}  // namespace assay::conformance
