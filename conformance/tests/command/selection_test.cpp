#include "conformance/command/selection.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <set>

#include "conformance/reports/expectations.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

std::string refusal(const SelectionOptions& options) {
  const auto selected = select_tests(options);
  return selected ? "" : selected.error().message;
}

TEST(Selection, RefusesWhatItDoesNotKnowAndSuggestsWhatIsNear) {
  SelectionOptions options;
  options.clauses = {"SC-VAL-2"};
  EXPECT_THAT(refusal(options), HasSubstr("SC-VAL-02"));
  options = {};
  options.areas = {"scripts"};
  EXPECT_THAT(refusal(options), HasSubstr("areas are"));
  options = {};
  options.profile = "fast";
  EXPECT_THAT(refusal(options), HasSubstr("quick, standard, thorough"));
  for (const char* shard : {"0/2", "3/2", "1", "a/b", "1/2x", "1/99999999999", "-1/-1", "1/2/3"}) {
    options = {};
    options.shard = shard;
    EXPECT_THAT(refusal(options), HasSubstr("--shard")) << shard;
  }
}

TEST(Selection, AFilterThatNamesNoTestIsRefused) {
  SelectionOptions options;
  options.filters = {"ST-KEY-*", "RP-ENT-01/the-root-*"};
  EXPECT_EQ(refusal(options),
            "no test matches --filter 'RP-ENT-01/the-root-*'; it is now RP-ENT-01/root; see: assay list");
  options.filters = {"!ST-KEY-01/emty"};
  EXPECT_THAT(refusal(options), HasSubstr("near it: ST-KEY-01/empty"));
  options.filters = {"GU-LIV-01/crash-store-class"};  // exists, but not in this profile
  EXPECT_THAT(refusal(options), HasSubstr("no test matches --filter"));
  options.filters = {"RP-ENT-01/root"};
  EXPECT_EQ(refusal(options), "");
}

TEST(Selection, AnAreaHasTheTestsOfGuaranteesThatUseItsCaches) {
  SelectionOptions options;
  options.areas = {"static"};
  const auto selected = select_tests(options);
  ASSERT_TRUE(selected) << selected.error().message;
  std::set<std::string> ids;
  for (const TestCase* test : selected->tests) ids.insert(test->id);
  EXPECT_TRUE(ids.contains("ST-KEY-02/bytes"));
  EXPECT_TRUE(ids.contains("GU-VAL-01/static-keys"));
  EXPECT_FALSE(ids.contains("GU-LIV-08/odd-names"));  // of scripts
  EXPECT_FALSE(ids.contains("SC-VAL-02/window"));
}

TEST(Selection, AShardOfFewTestsMayBeEmpty) {
  SelectionOptions options;
  options.filters = {all_tests().front().id};
  options.shard = "2/2";
  const auto selected = select_tests(options);
  ASSERT_TRUE(selected) << selected.error().message;
  EXPECT_TRUE(selected->tests.empty());
  EXPECT_EQ(selected->selection.in_words(), "--filter '" + all_tests().front().id + "' --shard 2/2");
  options.filters = {"nosuch*"};
  EXPECT_THAT(refusal(options), HasSubstr("no test matches --filter 'nosuch*'"));
}

TEST(Selection, GlobsGoOverTheWholeName) {
  EXPECT_TRUE(matches_glob("SC-VAL-*", "SC-VAL-02/an-entry"));
  EXPECT_FALSE(matches_glob("VAL", "SC-VAL-02/an-entry"));
  EXPECT_TRUE(matches_glob("?C-VAL-0[12]/*", "SC-VAL-02/an-entry"));
}

}  // namespace
}  // namespace assay::conformance
