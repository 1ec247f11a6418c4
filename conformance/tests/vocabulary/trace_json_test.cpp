#include "conformance/vocabulary/trace.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

const std::string header = R"({"assay_trace":1,"name":"t","clauses":["RP-ENT-01"],"pools":[{"workers":2}]})"
                           "\n";

TEST(TraceJson, ReadsBackWhatItWrites) {
  const std::string text =
      header +
      R"({"action":"write","path":"@/a.php","content":"x"})"
      "\n"
      R"({"worker":1,"operations":[{"op":"include","path":"@/a.php","label":"r","expect":{"equal":1}}],"ends":"any"})"
      "\n";
  const auto trace = trace_from_json_lines(text, "t.jsonl");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->steps.size(), 2u);
  const std::string written = to_json_lines(*trace);
  const auto again = trace_from_json_lines(written, "again");
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json_lines(*again), written);
  EXPECT_EQ(features_of(*trace), (std::set<std::string>{"scripts", "workers"}));
}

struct Bad {
  const char* line;
  const char* says;
};

class BadLines : public testing::TestWithParam<Bad> {};

TEST_P(BadLines, AreErrorsThatNameFileLineAndField) {
  const auto trace = trace_from_json_lines(header + GetParam().line + "\n", "bad.jsonl");
  ASSERT_FALSE(trace);
  EXPECT_THAT(trace.error().message, HasSubstr("bad.jsonl:2: "));
  EXPECT_THAT(trace.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(TraceJson, BadLines,
                         testing::Values(Bad{"{\"worker\":0", "truncated"}, Bad{"", "empty line"},
                                         Bad{R"({"worker":0,"operations":[],"more":1})", "\"more\""},
                                         Bad{R"({"worker":2,"operations":[]})", "out of range"},
                                         Bad{R"({"worker":-1,"operations":[]})", "out of range"},
                                         Bad{R"({"worker":0,"operations":[{"op":"includes","path":"a"}]})", "includes"},
                                         Bad{R"({"worker":0,"operations":[{"op":"include"}]})", "\"path\""},
                                         Bad{R"({"worker":0,"operations":[{"op":"include","path":7}]})", "path"},
                                         Bad{R"({"worker":0,"operations":[{"op":"include","path":"a","colour":1}]})",
                                             "colour"},
                                         Bad{R"({"worker":0,"operations":[],"ends":"never"})", "never"},
                                         Bad{R"({"worker":0,"operations":[],"ends":""})", "unjudged"},
                                         Bad{R"({"action":"explode"})", "explode"}));

TEST(TraceJson, TellsATruncatedFileAndOneThatIsNotOurs) {
  EXPECT_THAT(trace_from_json_lines(header.substr(0, 40), "f").error().message, HasSubstr("truncated"));
  EXPECT_THAT(trace_from_json_lines("{\"a\":1}\n", "f").error().message, HasSubstr("unknown field"));
  EXPECT_THAT(trace_from_json_lines("", "f").error().message, HasSubstr("empty"));
  EXPECT_THAT(read_trace("/does/not/exist").error().message, HasSubstr("/does/not/exist"));
}

}  // namespace
}  // namespace assay::conformance
