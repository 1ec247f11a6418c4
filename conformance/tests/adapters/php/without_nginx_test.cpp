// What becomes of the tests that need a web server where there is none.
#include <gtest/gtest.h>

#include <map>

#include "conformance/execution/executor.h"
#include "conformance/registry/test_case.h"

namespace assay::conformance {
namespace {

// The deployment tests that are skips for a reason with nginx in it.
std::map<std::string, std::string> skipped_by(const Target& target) {
  std::map<std::string, std::string> reasons;
  for (const TestCase& test : all_tests()) {
    if (test.area != "deploy" || !test.trace) continue;
    const std::string reason = reason_to_skip(test.trace(target.description()), target.description());
    if (reason.find("nginx") != std::string::npos) reasons[test.id] = reason;
  }
  return reasons;
}

TEST(WithoutNginx, WhatVisitsIsASkipWithTheReason) {
  const auto usual = make_target("php-fpm"), without = make_target("php-fpm:nginx=none");
  if (!usual) GTEST_SKIP() << usual.error().message;
  ASSERT_TRUE(without) << without.error().message;
  const auto skipped = skipped_by(**without);
  EXPECT_GE(skipped.size(), 2u);
  for (const auto& [test, reason] : skipped)
    EXPECT_EQ(reason, "php-fpm has no visit: it was started with nginx=none") << test;
  if ((*usual)->description().features.contains("deploy.web_server")) {
    EXPECT_EQ(skipped_by(**usual).size(), 0u);
  } else {
    EXPECT_EQ(skipped_by(**usual).size(), skipped.size());
  }
}

}  // namespace
}  // namespace assay::conformance
