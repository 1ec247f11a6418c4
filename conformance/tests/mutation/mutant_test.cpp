#include "conformance/mutation/mutant.h"

#include <gtest/gtest.h>

#include "conformance/catalogue/catalogue.h"
#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

// A mutant that the source has left behind can be planted nowhere, and nobody notices until the next campaign.
TEST(Mutant, FollowsTheSource) {
  for (const Mutant& mutant : all_mutants()) {
    const auto source = read_input_file(std::string(ASSAY_SOURCE_DIR) + "/" + mutant.file);
    ASSERT_TRUE(source) << mutant.name << ": " << source.error().message;
    const auto changed = planted(mutant, *source);
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_NE(*changed, *source) << mutant.name;
  }
}

TEST(Mutant, NamesClausesThatAreThere) {
  for (const Mutant& mutant : all_mutants()) {
    for (const std::string& id : mutant.clauses) EXPECT_NE(find_clause(id), nullptr) << mutant.name << ": " << id;
  }
}

TEST(Mutant, IsRefusedWhereItsTextDoesNotStandExactlyOnce) {
  const Mutant mutant{"m", "own", "", "file.cpp", "one", "two", {"GU-VAL-01"}};
  EXPECT_EQ(planted(mutant, "zero one").value(), "zero two");
  EXPECT_FALSE(planted(mutant, "zero"));
  EXPECT_FALSE(planted(mutant, "one one"));
}

TEST(Mutant, IsRefusedWhereAFieldIsMissing) {
  const auto mutant = mutant_from_json(R"({"defect": "own", "summary": "s", "file": "f", "find": "x"})", "m");
  ASSERT_FALSE(mutant);
  EXPECT_EQ(mutant.error().message, "mutant m: needs the text \"replace\"");
}

}  // namespace
}  // namespace assay::conformance
