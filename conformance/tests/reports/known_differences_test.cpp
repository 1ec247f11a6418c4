#include "conformance/reports/known_differences.h"

#include <gmock/gmock-matchers.h>

namespace assay::conformance {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string known_differences_error(const std::string& line) {
  const auto read = known_differences_from_text("# known\n\n" + line + "\n", "k.jsonl");
  return read ? "" : read.error().message;
}

TEST(KnownDifferencesTest, AnEntryNamesKindsByAGlobOrAsTheyArePrinted) {
  const auto known = known_differences_from_text(
      R"({"difference": "script_status: value at jit*", "reason": "no JIT", "link": "docs/x.md"})"
      "\n"
      R"({"difference": "include: output, [7] against nothing", "reason": "r", "link": "l"})"
      "\n",
      "k.jsonl");
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(known_difference(*known, "script_status: value at jit/on, bool against nothing")->reason, "no JIT");
  EXPECT_EQ(known_difference(*known, "include: output, [7] against nothing")->line, 2);
  EXPECT_FALSE(known_difference(*known, "include: value, int against false"));
}

TEST(KnownDifferencesTest, ErrorsNameFileLineAndField) {
  EXPECT_THAT(known_differences_error("{"), AllOf(HasSubstr("k.jsonl:3"), HasSubstr("not JSON")));
  EXPECT_THAT(known_differences_error(R"({"difference": "x", "link": "l"})"),
              AllOf(HasSubstr("k.jsonl:3"), HasSubstr("reason")));
  EXPECT_THAT(known_differences_error(R"({"difference": "x", "reason": " ", "link": "l"})"),
              HasSubstr("why the targets differ"));
  EXPECT_THAT(known_differences_error(R"({"difference": "x", "reason": "r", "link": ""})"), HasSubstr("written down"));
  EXPECT_THAT(known_differences_error(R"({"difference": "", "reason": "r", "link": "l"})"), HasSubstr("difference"));
  EXPECT_THAT(known_differences_error(R"({"difference": "x", "reason": "r", "link": "l", "more": 1})"),
              HasSubstr("more"));
}

}  // namespace
}  // namespace assay::conformance
