#include "conformance/catalogue/spec_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::conformance {
namespace {

const std::string kGood =
    "# A page\n"
    "\n"
    "## A section\n"
    "- Level: of no clause\n"
    "### SC-FIL-07 Checks off\n"
    "- Statement: What holds: always.\n"
    "- Observe: by looking.\n"
    "- Level: observed (twice; documented (not really)); documented (here) (re-observed)\n"
    "- Faults: fs, oom.\n"
    "- Strength: portable must; php should\n"
    "- Since: 8.2.5; until 8.3\n"
    "\n"
    "| a | table |\n"
    "### Not a clause\n"
    "| another | table |\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  const auto page = read_spec_page("page.md", text);
  return page ? "no error" : page.error().message;
}

TEST(SpecReader, ReadsEachField) {
  const auto page = read_spec_page("page.md", kGood);
  ASSERT_TRUE(page.has_value()) << page.error().message;
  ASSERT_EQ(page->size(), 1u);
  const SpecClause& clause = page->front();
  EXPECT_EQ(clause.id, "SC-FIL-07");
  EXPECT_EQ(clause.title, "Checks off");
  EXPECT_EQ(clause.statement, "What holds: always.\n| a | table |");
  EXPECT_EQ(clause.observe, "by looking.");
  EXPECT_EQ(clause.evidence, EvidenceLevel::observed);
  EXPECT_TRUE(clause.documented);
  EXPECT_EQ(clause.faults, "fs, oom");
  EXPECT_EQ(clause.area, Area::file);
  EXPECT_EQ(clause.strengths[0], Strength::must);
  EXPECT_EQ(clause.strengths[1], Strength::should);
  EXPECT_EQ(clause.since, "8.2.5");
  EXPECT_EQ(clause.until, "8.3");
  EXPECT_EQ(clause.line, 5);
}

TEST(SpecReader, ARemarkInParenthesesIsNoEvidence) {
  const auto page = read_spec_page("page.md", replaced(kGood, "; documented (here)", ""));
  ASSERT_TRUE(page.has_value());
  EXPECT_FALSE(page->front().documented);
}

TEST(SpecReader, ReadsGuaranteesFromAList) {
  const auto page = read_spec_page("g.md",
                                   "- **GU-LIV-06 Readers do not wait** (*should*). A hit completes.\n"
                                   "  - Strength: portable should; php should\n"
                                   "  - Since: any; until -\n"
                                   "- **GU-LIV-07 A restart is served.** At the latest then.\n"
                                   "  - Strength: portable must; php must\n"
                                   "  - Since: any; until -\n");
  ASSERT_TRUE(page.has_value()) << page.error().message;
  ASSERT_EQ(page->size(), 2u);
  EXPECT_EQ(page->at(0).title, "Readers do not wait");
  EXPECT_EQ(page->at(0).statement, "A hit completes.");
  EXPECT_EQ(page->at(0).evidence, EvidenceLevel::guarantee);
  EXPECT_EQ(page->at(0).until, "");
  EXPECT_EQ(page->at(1).title, "A restart is served");
  EXPECT_EQ(page->at(1).line, 4);
}

TEST(SpecReader, RefusesWhatIsMalformed) {
  EXPECT_EQ(error_of(replaced(kGood, "- Since: 8.2.5; until 8.3\n", "")),
            "page.md:5: SC-FIL-07 has no '- Since:' line");
  EXPECT_EQ(error_of(kGood + kGood), "page.md:20: SC-FIL-07 is there twice");
  EXPECT_EQ(error_of(replaced(kGood, "- Observe: by looking.", "- Statement: again")),
            "page.md:5: SC-FIL-07 has a second '- Statement:' line");
  EXPECT_EQ(error_of(replaced(kGood, "by looking.", "")), "page.md:5: SC-FIL-07 has an empty '- Observe:' line");
  EXPECT_EQ(error_of(replaced(kGood, "Observe", "Observed")),
            "page.md:5: SC-FIL-07 has a line '- Observed:', which is no field of a clause");
  for (const char* strength :
       {"portable must", "portable must; portable must", "portable must; php perhaps", "must; should"}) {
    const std::string text = replaced(kGood, "portable must; php should", strength);
    EXPECT_NE(error_of(text).find("strength"), std::string::npos) << strength << ": " << error_of(text);
  }
  EXPECT_NE(error_of(replaced(kGood, "observed (twice", "rumoured (twice")).find("word of evidence"),
            std::string::npos);
  EXPECT_NE(error_of(replaced(kGood, "; until 8.3", "")).find("malformed since"), std::string::npos);
  for (const char* dates : {"8.2.5; until soon", "8; until -", "8.2.5, 8.2.7; until -", "8.4, 8.3; until -"})
    EXPECT_NE(error_of(replaced(kGood, "8.2.5; until 8.3", dates)), "no error") << dates;
  EXPECT_EQ(error_of(replaced(kGood, "8.2.5; until 8.3", "7.4, 8.2.5; until 8.4.27, 8.5.3")), "no error");
}

TEST(SpecReader, KnowsTheAreaByThePrefix) {
  EXPECT_EQ(area_by_prefix("SC-FIL-01"), Area::file);
  EXPECT_EQ(area_by_prefix("SC-KEY-01"), Area::script);
  EXPECT_EQ(area_by_prefix("DP-01"), Area::deploy);
  EXPECT_EQ(area_by_prefix("XX-01"), std::nullopt);
}

}  // namespace
}  // namespace assay::conformance
