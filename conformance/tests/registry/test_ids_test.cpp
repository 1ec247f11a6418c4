// Ids of tests are a contract: none disappears without a word.
#include "conformance/registry/test_ids.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <fstream>

#include "conformance/registry/test_case.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

std::vector<std::string> published() {
  std::ifstream file(ASSAY_SOURCE_DIR "/conformance/registry/test_ids.txt");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> registered() {
  std::vector<std::string> ids;
  for (const TestCase& test : all_tests()) ids.push_back(test.id);
  return ids;
}

TEST(TestIds, OfTheSuiteAreThoseThatArePublished) {
  ASSERT_GT(registered().size(), 700u);
  EXPECT_THAT(broken_ids(published(), registered(), renamed_tests()), ElementsAre());
}

TEST(TestIds, OneThatDisappearsIsMissed) {
  std::vector<std::string> fewer = registered();
  fewer.erase(fewer.begin());
  EXPECT_THAT(broken_ids(published(), fewer, renamed_tests()), testing::Not(ElementsAre()));
}

using Ids = std::vector<std::string>;
using Renamed = std::vector<RenamedTest>;

TEST(TestIds, ARenamedOneHasToBeSaid) {
  const Ids lines = {"X-01/new", "X-01/old"};
  EXPECT_THAT(broken_ids(lines, Ids{"X-01/new"}, Renamed{}),
              ElementsAre(HasSubstr("X-01/old: no test has it any more; say in renamed_tests.txt")));
  EXPECT_THAT(broken_ids(lines, Ids{"X-01/new"}, Renamed{{"X-01/old", "X-01/new"}}), ElementsAre());
  EXPECT_THAT(broken_ids(lines, Ids{"X-01/new"}, Renamed{{"X-01/old", "-"}}), ElementsAre());
  EXPECT_THAT(broken_ids(lines, Ids{"X-01/new"}, Renamed{{"X-01/old", "X-01/newer"}}),
              ElementsAre(HasSubstr("X-01/old: renamed_tests.txt says X-01/newer, which no test has")));
}

TEST(TestIds, ANewOneHasToBePublished) {
  EXPECT_THAT(broken_ids(Ids{}, Ids{"X-01/new"}, Renamed{}),
              ElementsAre(HasSubstr("X-01/new: add it to test_ids.txt")));
}

TEST(TestIds, NoneIsUsedForAnotherTest) {
  EXPECT_THAT(broken_ids(Ids{"X-01/first", "X-01/second"}, Ids{"X-01/first", "X-01/second"},
                         Renamed{{"X-01/first", "X-01/second"}}),
              ElementsAre(HasSubstr("X-01/first: was the id of another test")));
}

TEST(TestIds, FilesAreSorted) {
  EXPECT_THAT(broken_ids(Ids{"X-01/second", "X-01/first"}, Ids{"X-01/first", "X-01/second"}, Renamed{}),
              ElementsAre("test_ids.txt is not sorted"));
}

TEST(TestIds, AreShortAndLowerCase) {
  EXPECT_TRUE(is_test_id("SC-VAL-02/window"));
  EXPECT_TRUE(is_test_id("RP-PATH-04/chain-of-32"));
  for (const char* bad : {"window", "/window", "SC-VAL-02/", "SC-VAL-02/Window", "SC-VAL-02/two words", "SC-VAL-02/a-b",
                          "SC-VAL-02/over-the-window", "SC-VAL-02/two--hyphens", "SC-VAL-02/hyphen-", "SC-VAL-02/a/b",
                          "SC-VAL-02/more-than-forty-characters-altogether"})
    EXPECT_FALSE(is_test_id(bad)) << bad;
}

TEST(TestIds, TitlesAreOfOneLine) {
  for (const TestCase& test : all_tests()) {
    EXPECT_FALSE(test.title.empty()) << test.id;
    EXPECT_LE(test.title.size(), 95u) << test.id;
    EXPECT_FALSE(test.title.ends_with('.')) << test.id;
  }
}

TEST(TestIds, AFormerOneIsKnown) {
  EXPECT_THAT(id_now("SC-VAL-02/an-entry-is-not-looked-at-again-until-the-window-has-passed"),
              Optional(std::string("SC-VAL-02/window")));
  EXPECT_EQ(id_now("SC-VAL-02/window"), std::nullopt);
  for (const auto& [former, now] : renamed_tests()) {
    if (now == "-") continue;
    EXPECT_NE(find_test(id_now(former).value_or("")), nullptr) << former;
  }
}

TEST(TestIds, AnUnknownOneIsHintedAt) {
  EXPECT_EQ(hint_for_unknown_test("SC-VAL-02/an-entry-is-not-looked-at-again-until-the-window-has-passed"),
            "; it is now SC-VAL-02/window");
  EXPECT_EQ(hint_for_unknown_test("SC-VAL-02/an-entry-*"), "; it is now SC-VAL-02/window");
  EXPECT_THAT(hint_for_unknown_test("*every-death-inside-the-store-of-*"),
              AllOf(HasSubstr("; they are now GU-LIV-01/crash-store-"), HasSubstr(" more")));
  EXPECT_THAT(hint_for_unknown_test("SC-VAL-02/windows"), HasSubstr("; near it: SC-VAL-02/window"));
  EXPECT_THAT(hint_for_unknown_test("SC-VAL-08/too-young"), HasSubstr("; near it: SC-VAL-08/young-file"));
  EXPECT_EQ(hint_for_unknown_test("SC-VAL-02"), "; it is a clause, so try 'SC-VAL-02/*' or --clause SC-VAL-02");
  EXPECT_EQ(hint_for_unknown_test("SC-VAL-02/an-entry-is-not-checked-within-the-window"),
            "; it is now SC-VAL-02/window");
  EXPECT_THAT(hint_for_unknown_test("SC-VAL-2"), HasSubstr("SC-VAL-02/"));
  EXPECT_EQ(hint_for_unknown_test("nosuch*"), "");
  EXPECT_EQ(hint_for_unknown_test(""), "");
  EXPECT_THAT(hint_for_unmatched_filter("window"), HasSubstr("try '*window*', which matches "));
  EXPECT_THAT(hint_for_unmatched_filter("nosuch*"), HasSubstr("a glob over whole ids such as"));
}

}  // namespace
}  // namespace assay::conformance
