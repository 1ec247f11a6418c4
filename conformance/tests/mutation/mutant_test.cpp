#include "conformance/mutation/mutant.h"

#include <gtest/gtest.h>

#include <map>

#include "conformance/catalogue/catalogue.h"
#include "conformance/vocabulary/input_file.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

// A mutant that the source has left behind can be planted nowhere, and nobody notices until the next campaign.
TEST(Mutant, FollowsTheSource) {
  ASSERT_TRUE(all_mutants()) << all_mutants().error().message;
  for (const Mutant& mutant : *all_mutants()) {
    std::map<std::string, std::string> changed;
    for (const Edit& edit : mutant.edits) {
      const auto source = read_input_file(std::string(ASSAY_SOURCE_DIR) + "/" + edit.file);
      ASSERT_TRUE(source) << mutant.name << ": " << source.error().message;
      const std::string before = changed.contains(edit.file) ? changed[edit.file] : *source;
      const auto after = planted(mutant, edit, before);
      ASSERT_TRUE(after) << after.error().message;
      EXPECT_NE(*after, before) << mutant.name;
      changed[edit.file] = *after;
    }
  }
}

TEST(Mutant, NamesClausesThatAreThere) {
  ASSERT_TRUE(all_mutants());
  for (const Mutant& mutant : *all_mutants()) {
    for (const std::string& id : mutant.clauses) EXPECT_NE(find_clause(id), nullptr) << mutant.name << ": " << id;
  }
}

TEST(Mutant, IsRefusedWhereItsTextDoesNotStandExactlyOnce) {
  const Mutant mutant{"m", "own", "", {{"file.cpp", "one", "two"}}, {"GU-VAL-01"}};
  EXPECT_EQ(planted(mutant, mutant.edits[0], "zero one").value(), "zero two");
  EXPECT_EQ(planted(mutant, mutant.edits[0], "zero").error().message,
            "faults/mutants/m.json: its text stands nowhere in file.cpp; let it follow the source: one");
  EXPECT_FALSE(planted(mutant, mutant.edits[0], "one one"));
}

std::string mutant_with(const std::string& fields) {
  return R"({"defect": "own", "summary": "s",)" + ("\n" + fields) + R"("clauses": ["GU-VAL-01"]})";
}

TEST(Mutant, HasOneEditOrMore) {
  const auto short_form = mutant_from_json(mutant_with(R"("file": "f", "find": "x", "replace": "",)"), "m");
  ASSERT_TRUE(short_form) << short_form.error().message;
  ASSERT_EQ(short_form->edits.size(), 1u);
  EXPECT_EQ(short_form->edits[0].find, "x");
  const auto list = mutant_from_json(mutant_with(R"("edits": [{"file": "f", "find": "x", "replace": "y"},
                                                              {"file": "g", "find": "z", "replace": ""}],)"),
                                     "m");
  ASSERT_TRUE(list) << list.error().message;
  ASSERT_EQ(list->edits.size(), 2u);
  EXPECT_EQ(list->edits[1].file, "g");
}

TEST(Mutant, ThatIsMalformedIsRefusedWithFileAndLine) {
  const auto error_of = [](const std::string& text) {
    const auto mutant = mutant_from_json(text, "m");
    return mutant ? std::string("none") : mutant.error().message;
  };
  EXPECT_EQ(error_of(R"({"defect": "own", "summary": "s", "file": "f", "find": "x"})"),
            "faults/mutants/m.json:1: needs the text \"replace\"");
  EXPECT_EQ(error_of(mutant_with(R"("file": "f", "find": "x", "replace": 7,)")),
            "faults/mutants/m.json:2: needs the text \"replace\"");
  EXPECT_EQ(error_of(mutant_with(R"("file": "f", "find": "x", "replace": "x",)")),
            "faults/mutants/m.json:2: an edit changes nothing");
  EXPECT_EQ(error_of(mutant_with(R"("edits": [],)")), "faults/mutants/m.json:2: needs a list \"edits\"");
  EXPECT_EQ(error_of(mutant_with(R"("file": "f", "edits": [{"file": "f", "find": "x", "replace": "y"}],)")),
            "faults/mutants/m.json:2: \"file\" stands in the edits, or instead of them");
  EXPECT_EQ(error_of(mutant_with(R"("files": "f",)")).substr(0, 49),
            "faults/mutants/m.json:2: \"files\" is no field; fie");
  EXPECT_EQ(error_of("{\n\"defect\": \"own\"\n\"summary\": 1}").substr(0, 39),
            "faults/mutants/m.json:3: is not JSON: s");
  EXPECT_EQ(error_of("[]"), "faults/mutants/m.json:1: is not a JSON object");
}

}  // namespace
}  // namespace assay::conformance
