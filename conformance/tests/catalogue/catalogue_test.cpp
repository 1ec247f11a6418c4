#include "conformance/catalogue/catalogue.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "conformance/catalogue/php_version.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

using ::testing::IsEmpty;

std::filesystem::path specification() {
  return std::filesystem::path(ASSAY_SOURCE_DIR) / "docs" / "spec";
}

// The ids that a reader of the pages sees, found without the reader that the catalogue is made with.
std::map<std::string, std::string> ids_on_the_pages() {
  const re2::RE2 heading(R"(^(?:### |- \*\*)([A-Z]{2}(?:-[A-Z]+)?-[0-9]{2}) .*)");
  std::map<std::string, std::string> page_of;
  for (const auto& entry : std::filesystem::directory_iterator(specification())) {
    if (entry.path().filename() == "README.md") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::string id;
      if (re2::RE2::FullMatch(line, heading, &id)) page_of[id] = "docs/spec/" + entry.path().filename().string();
    }
  }
  return page_of;
}

TEST(Catalogue, HasEveryClauseOfThePagesAndNoOther) {
  const auto on_pages = ids_on_the_pages();
  std::map<std::string, std::string> in_catalogue;
  for (const Clause& clause : all_clauses()) in_catalogue[std::string(clause.id)] = std::string(clause.file);
  EXPECT_EQ(in_catalogue, on_pages);
  EXPECT_EQ(in_catalogue.size(), all_clauses().size()) << "an id stands on two pages";
}

// Clauses are never dropped in silence: whoever adds or removes one says so here.
TEST(Catalogue, HasTheKnownNumberOfClausesOnEachPage) {
  std::map<std::string, int> counts;
  for (const Clause& clause : all_clauses()) ++counts[std::string(clause.file)];
  const std::map<std::string, int> expected = {
      {"docs/spec/deploy-scenarios.md", 37}, {"docs/spec/guarantees.md", 33},    {"docs/spec/preloading.md", 53},
      {"docs/spec/realpath-cache.md", 79},   {"docs/spec/script-cache.md", 170}, {"docs/spec/static-cache.md", 214}};
  EXPECT_EQ(counts, expected);
}

TEST(Catalogue, EachClauseIsComplete) {
  for (const Clause& clause : all_clauses()) {
    SCOPED_TRACE(clause.id);
    EXPECT_FALSE(clause.title.empty());
    EXPECT_FALSE(clause.statement.empty());
    EXPECT_FALSE(clause.level.empty());
    EXPECT_FALSE(clause.since.empty());
    EXPECT_EQ(clause.observe.empty(), clause.area == Area::guarantees);
    EXPECT_TRUE(clause.area == Area::guarantees || !clause.feature.empty());
    EXPECT_GT(clause.line, 0);
  }
}

constexpr PhpVersion kWrittenOn = {8, 2, PhpVersion::kNewestPatch};

// What PHP itself gave up, or took up after the version that the specification was written on.
bool came_or_went(const Clause& clause) {
  return !clause.until.empty() || (is_version_list(clause.since) && !has_begun(clause.since, kWrittenOn));
}

Strength strength(const Clause& clause, Rules rules) {
  return clause.strengths[static_cast<std::size_t>(rules)];
}

Strength portable_by_rule(const Clause& clause) {
  if (came_or_went(clause)) return Strength::may;
  switch (clause.evidence) {
    case EvidenceLevel::documented:
    case EvidenceLevel::rfc:
      return Strength::must;
    case EvidenceLevel::observed:
      return clause.documented ? Strength::must : Strength::should;
    default:
      return Strength::may;
  }
}

// The table in docs/spec/README.md. A deliberate exception would be listed here.
TEST(Catalogue, StrengthFollowsFromTheEvidence) {
  const std::set<std::string_view> guarantees_that_should = {"GU-LIV-06", "GU-RES-03", "GU-IDN-05", "GU-SYS-05"};
  for (const Clause& clause : all_clauses()) {
    SCOPED_TRACE(clause.id);
    if (clause.area == Area::guarantees) {
      const Strength expected = guarantees_that_should.contains(clause.id) ? Strength::should : Strength::must;
      EXPECT_EQ(strength(clause, Rules::portable), expected);
      EXPECT_EQ(strength(clause, Rules::php), expected);
      continue;
    }
    const Strength portable = portable_by_rule(clause);
    const bool binds_php = clause.evidence == EvidenceLevel::observed && clause.area != Area::statics;
    EXPECT_EQ(strength(clause, Rules::portable), portable);
    EXPECT_EQ(strength(clause, Rules::php), binds_php ? Strength::must : portable);
  }
}

TEST(Catalogue, FindsAClauseByItsId) {
  const Clause* clause = find_clause("RP-TTL-02");
  ASSERT_NE(clause, nullptr);
  EXPECT_EQ(clause->title, "Boundary: inclusive");
  EXPECT_EQ(clause->area, Area::realpath);
  EXPECT_EQ(clause->evidence, EvidenceLevel::observed);
  EXPECT_EQ(clause->feature, "realpath_cache");
  EXPECT_EQ(clause->file, "docs/spec/realpath-cache.md");
  for (const Clause& each : all_clauses()) EXPECT_EQ(find_clause(each.id), &each);
  EXPECT_EQ(find_clause("RP-TTL-99"), nullptr);
  EXPECT_EQ(find_clause("rp-ttl-02"), nullptr);
  EXPECT_EQ(find_clause(""), nullptr);
}

TEST(Catalogue, KeepsTextThatIsNotAscii) {
  EXPECT_NE(find_clause("DP-02")->statement.find("\u2192 r1/r1"), std::string_view::npos);
  EXPECT_NE(find_clause("ST-ENC-06")->statement.find("\n| `stdClass`"), std::string_view::npos);
}

TEST(Catalogue, SuggestsIdsThatAreNear) {
  EXPECT_EQ(near_ids("sc_val-2").at(0), "SC-VAL-02");
  EXPECT_EQ(near_ids("GU-LIF-01").at(0), "GU-LIV-01");
  EXPECT_EQ(near_ids("RP-TTL", 3).size(), 3u);
  EXPECT_TRUE(near_ids("RP-TTL", 1).at(0).starts_with("RP-TTL-"));
  EXPECT_THAT(near_ids("nothing like it"), IsEmpty());
  EXPECT_THAT(near_ids(""), IsEmpty());
}

TEST(Catalogue, TheLongestRowOfTheFeatureTableCounts) {
  EXPECT_EQ(find_clause("SC-FIL-03")->feature, "script_cache.file_cache");
  EXPECT_EQ(find_clause("SC-SEC-01")->feature, "script_cache.isolation");
  EXPECT_EQ(find_clause("SC-SEC-04")->feature, "script_cache.protect_memory");
  EXPECT_EQ(find_clause("SC-VAL-01")->feature, "script_cache");
}

TEST(Catalogue, SaysWhyAClauseCannotBeObserved) {
  EXPECT_NE(find_clause("DP-30")->unobservable.find("Apache"), std::string_view::npos);
  EXPECT_EQ(find_clause("RP-LIFE-01")->unobservable, "");
}

TEST(Catalogue, EveryNameHasItsInverse) {
  for (const Clause& clause : all_clauses()) {
    EXPECT_EQ(area_named(to_text(clause.area)), clause.area);
    EXPECT_EQ(evidence_level_named(to_text(clause.evidence)), clause.evidence);
    EXPECT_EQ(strength_named(to_text(strength(clause, Rules::portable))), strength(clause, Rules::portable));
  }
  EXPECT_EQ(rules_named("php"), Rules::php);
  EXPECT_EQ(rules_named("php-8.2"), std::nullopt);
}

}  // namespace
}  // namespace assay::conformance
