#include "conformance/catalogue/contract.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

// A clause that a portable cache should keep and PHP must, from one version until another.
Clause dated(const char* since, const char* until) {
  Clause clause{};
  clause.id = "SC-KEY-99";
  clause.strengths = {Strength::should, Strength::must};
  clause.since = since;
  clause.until = until;
  return clause;
}

Contract named(const char* name) {
  return Contract::named(name).value();
}

Contract judging(const char* name, const char* version) {
  return named(name).judging(php_version_from(version).value());
}

TEST(Contract, EachBranchHasItsName) {
  EXPECT_EQ(Contract::names(), (std::vector<std::string>{"portable", "rfc-2.0", "php-7.4", "php-8.0", "php-8.1",
                                                         "php-8.2", "php-8.3", "php-8.4", "php-8.5"}));
  for (const std::string& name : Contract::names()) EXPECT_EQ(Contract::named(name)->name(), name);
  for (const char* name : {"", "php", "php-", "php-8", "php-8.4.27", "php-9.9", "Portable"})
    EXPECT_FALSE(Contract::named(name)) << name;
}

TEST(Contract, TheProposalBindsItsClausesByTheirEvidence) {
  Clause clause = dated("rfc 2.0.0", "");
  clause.area = Area::statics;
  clause.strengths = {Strength::may, Strength::may};
  for (const EvidenceLevel evidence : {EvidenceLevel::rfc, EvidenceLevel::implementation}) {
    clause.evidence = evidence;
    EXPECT_EQ(named("rfc-2.0").strength(clause), Strength::must);
    EXPECT_EQ(named("portable").strength(clause), Strength::may);
  }
  clause.evidence = EvidenceLevel::inferred;
  EXPECT_EQ(named("rfc-2.0").strength(clause), Strength::should);
  // Of other areas it asks what any implementation is asked.
  clause = dated("8.2", "");
  clause.area = Area::script;
  EXPECT_EQ(named("rfc-2.0").strength(clause), Strength::should);
  EXPECT_FALSE(named("rfc-2.0").in_force(dated("8.4", "")));
  EXPECT_TRUE(judging("rfc-2.0", "8.5.2").in_force(dated("8.4", "")));
  EXPECT_FALSE(named("rfc-2.0").branch());
}

TEST(Contract, ABranchStandsForItsNewestPatch) {
  EXPECT_TRUE(named("php-8.4").in_force(dated("8.4.27, 8.5.3", "")));
  EXPECT_TRUE(named("php-8.5").in_force(dated("8.4.27, 8.5.3", "")));
  EXPECT_FALSE(named("php-8.3").in_force(dated("8.4.27, 8.5.3", "")));
  EXPECT_FALSE(named("php-8.4").in_force(dated("7.4", "8.4.27")));
}

TEST(Contract, ThePatchOfTheTargetCounts) {
  const Clause clause = dated("8.2", "8.4.27, 8.5.3");
  EXPECT_TRUE(judging("php-8.4", "8.4.14").in_force(clause));
  EXPECT_FALSE(judging("php-8.4", "8.4.27").in_force(clause));
  EXPECT_TRUE(judging("php-8.5", "8.5.2").in_force(clause));
  EXPECT_FALSE(judging("php-7.4", "7.4.33").in_force(clause));
}

TEST(Contract, OneOfAnotherBranchKeepsToItsOwn) {
  EXPECT_TRUE(judging("php-8.2", "8.5.2").in_force(dated("8.2", "8.3")));
  EXPECT_EQ(judging("php-8.2", "8.5.2").name(), "php-8.2");
}

TEST(Contract, PortableAsksWhatTheTargetIsOrElseTheVersionOfTheSpecification) {
  EXPECT_TRUE(named("portable").in_force(dated("8.2", "8.3")));
  EXPECT_FALSE(named("portable").in_force(dated("8.4", "")));
  EXPECT_TRUE(judging("portable", "8.5.2").in_force(dated("8.4", "")));
}

TEST(Contract, WhatIsNotInForceBindsNobody) {
  EXPECT_EQ(named("portable").strength(dated("8.2", "")), Strength::should);
  EXPECT_EQ(named("php-8.3").strength(dated("8.2", "")), Strength::must);
  EXPECT_EQ(named("php-8.3").strength(dated("8.2", "8.3")), Strength::may);
  for (const char* since : {"any", "unknown", "rfc 2.0.0"})
    EXPECT_EQ(named("php-7.4").strength(dated(since, "")), Strength::must);
}

TEST(Contract, SaysWhyAClauseIsNotInForce) {
  EXPECT_EQ(judging("php-8.3", "8.3.8").why_not_in_force(dated("8.2.5", "8.3")),
            "SC-KEY-99 holds since PHP 8.2.5, until PHP 8.3, and this is judged as PHP 8.3.8");
  EXPECT_EQ(named("php-8.2").why_not_in_force(dated("8.2", "8.3")), "");
  EXPECT_EQ(validity_text(dated("any", "")), "on every version");
}

TEST(Contract, AVersionHasTheContractOfItsBranch) {
  EXPECT_EQ(Contract::of_php({8, 4, 14})->name(), "php-8.4");
  EXPECT_FALSE(Contract::of_php({8, 4, 14})->in_force(dated("8.4.27", "")));
  EXPECT_EQ(Contract::of_php({8, 99, 0})->name(), Contract::names().back());
  EXPECT_EQ(Contract::of_php({9, 0, 0})->name(), Contract::names().back());
  EXPECT_FALSE(Contract::of_php({7, 3, 33}));
}

}  // namespace
}  // namespace assay::conformance
