#include "conformance/mutation/operator_score.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

using Fate = JudgedChange::Fate;
using testing::HasSubstr;
using testing::Not;

OperatorScore example() {
  OperatorScore score{"assay mutants --operators --run --sample 4 --seed 7", "abc", "quick", 600, 900, 4, 7, {}};
  const PlantedChange lock{1, "reference/lock/a.cpp", 5, 5, "logic", "a || b", "a && b"};
  const PlantedChange call{2, "reference/lock/a.cpp", 6, 6, "removed call", "unlock()", ""};
  const PlantedChange log{3, "reference/log/b.cpp", 9, 9, "early return", "", "return;"};
  score.changes = {{lock, Fate::survived, "", 12, 1},
                   {call, Fate::caught, "SC-LCK-01/x", 12, 1},
                   {lock, Fate::hung, "(the suite did not end)", 12, 1},
                   {lock, Fate::unreached, "", 0, 0},
                   {log, Fate::caught, "SC-LOG-01/x", 3, 1}};
  return score;
}

TEST(OperatorScore, CountsByAreaAndNamesTheSurvivors) {
  const std::string text = score_as_text(example());
  EXPECT_THAT(text, HasSubstr("lock                    4          1       2         1   50 %\n"));
  EXPECT_THAT(text, HasSubstr("log                     1          0       1         0  100 %\n"));
  EXPECT_THAT(text, HasSubstr("all                     5          1       3         1   60 %\n"));
  EXPECT_THAT(text, HasSubstr("reference/lock/a.cpp:5: survived: logic: a || b  ->  a && b\n"));
  EXPECT_THAT(text, HasSubstr("at most 4 of each area, chosen by seed 7"));
  EXPECT_THAT(text, Not(HasSubstr("unlock")));
}

TEST(OperatorScore, IsAPageWithTheCommandThatMakesItAgain) {
  const std::string page = score_as_page(example());
  EXPECT_THAT(page, HasSubstr("    assay mutants --operators --run --sample 4 --seed 7\n"));
  EXPECT_THAT(page, HasSubstr("| lock | 4 | 1 | 2 | 1 | 50 % |\n"));
  EXPECT_THAT(page, HasSubstr("| **all** | 5 | 1 | 3 | 1 | 60 % |\n"));
  EXPECT_THAT(
      page,
      HasSubstr("| reference/lock/a.cpp:5 | logic | <code>a &#124;&#124; b</code> | <code>a &amp;&amp; b</code> |"));
}

TEST(OperatorScore, IsJson) {
  const auto json = nlohmann::json::parse(score_as_json(example()));
  EXPECT_EQ(json["areas"]["lock"]["survived"], 1);
  EXPECT_EQ(json["mutants"].size(), 5u);
  EXPECT_EQ(json["mutants"][2]["fate"], "hung");
  EXPECT_EQ(json["seed"], 7);
}

}  // namespace
}  // namespace assay::conformance
