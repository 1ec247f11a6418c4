#include "conformance/execution/check_trace.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "conformance/registry/test_case.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

// What is wrong with a trace of two workers and these steps; empty: nothing.
std::string wrong_with(const std::string& steps, const std::string& clause = "SC-VAL-02") {
  const std::string header = R"({"assay_trace":1,"name":"t","clauses":[")" + clause + R"("],"pools":[{"workers":2}]})";
  const auto trace = trace_from_json_lines(header + "\n" + steps, "t.jsonl");
  if (!trace) return "unread: " + trace.error().message;
  const auto checked = check_trace(*trace, "t.jsonl");
  return checked ? "" : checked.error().message;
}

constexpr char labelled[] = R"({"worker":0,"operations":[{"op":"time","label":"t"}]})"
                            "\n";

std::string compared_with(const std::string& label) {
  return R"({"worker":0,"operations":[{"op":"time","expect":{"not":{"same_as":{"reply":")" + label +
         R"(","path":[]}}}}]})"
         "\n";
}

TEST(CheckTrace, EveryTraceOfTheSuitePasses) {
  for (const TestCase& test : all_tests()) {
    if (!test.trace) continue;
    const auto checked = check_trace(test.trace(Description{}), test.id);
    EXPECT_TRUE(checked) << checked.error().message;
  }
}

TEST(CheckTrace, NamesFileLineAndFieldOfAMistake) {
  EXPECT_EQ(wrong_with(labelled + compared_with("t")), "");
  EXPECT_EQ(wrong_with(labelled + compared_with("u")),
            "t.jsonl:3: field \"reply\": no reply is labelled \"u\" by then; labels are t");
  EXPECT_THAT(wrong_with("", "SC-VAL-2"),
              HasSubstr("t.jsonl:1: field \"clauses\": there is no clause \"SC-VAL-2\"; near it"));
}

TEST(CheckTrace, ARuntimeStartsOnceAndBeforeWhatNeedsIt) {
  const std::string start = R"({"action":"start"})"
                            "\n";
  const std::string write = R"({"action":"write","path":"@/a","content":""})"
                            "\n";
  const std::string fails = R"({"action":"start","ends":"failed","says":["status 70"]})"
                            "\n";
  EXPECT_EQ(wrong_with(write + start + labelled), "");
  EXPECT_EQ(wrong_with(write + fails), "");
  EXPECT_THAT(wrong_with(labelled + start), HasSubstr("t.jsonl:2: this needs the runtime"));
  EXPECT_THAT(wrong_with(start + start), HasSubstr("t.jsonl:3: the runtime has started already"));
  EXPECT_THAT(wrong_with(fails + labelled), HasSubstr("t.jsonl:3: nothing can follow a start that failed"));
  EXPECT_THAT(wrong_with(R"({"action":"start","ends":"sometimes"})"
                         "\n"),
              HasSubstr("field \"ends\""));
  EXPECT_THAT(wrong_with(R"({"action":"start","says":["("]})"
                         "\n"),
              HasSubstr("field \"says\""));
}

TEST(CheckTrace, AReplyIsKnownFromItsRequestOnAndOfABackgroundRequestFromItsAwaitOn) {
  const std::string begun = R"({"worker":1,"background":"b","operations":[{"op":"time","label":"t"}]})"
                            "\n";
  const std::string awaited = R"({"action":"await","request":"b"})"
                              "\n";
  EXPECT_THAT(wrong_with(compared_with("t") + labelled), HasSubstr("t.jsonl:2: field \"reply\""));
  EXPECT_THAT(wrong_with(begun + compared_with("t")), HasSubstr("t.jsonl:3: field \"reply\""));
  EXPECT_EQ(wrong_with(begun + awaited + compared_with("t")), "");
}

TEST(CheckTrace, BackgroundRequestsRunOnceAndAreAwaitedOnce) {
  const std::string begun = R"({"worker":1,"background":"b","operations":[]})"
                            "\n";
  const std::string awaited = R"({"action":"await","request":"b"})"
                              "\n";
  EXPECT_EQ(wrong_with(begun), "");
  EXPECT_EQ(wrong_with(begun + awaited + begun), "");
  EXPECT_THAT(wrong_with(begun + begun), HasSubstr("t.jsonl:3: field \"background\": a request \"b\" runs already"));
  EXPECT_THAT(wrong_with(awaited), HasSubstr("t.jsonl:2: field \"request\": no background request \"b\" runs"));
  EXPECT_THAT(wrong_with(begun + awaited + awaited), HasSubstr("t.jsonl:4: field \"request\""));
}

TEST(CheckTrace, RefusesWhatCanBeDoneOnNoTarget) {
  const auto action = [](const std::string& rest) { return wrong_with("{\"action\":" + rest + "}\n"); };
  EXPECT_EQ(action(R"("arm","point":"store/copy","effect":"kill","worker":1)"), "");
  EXPECT_EQ(action(R"("arm","point":"*","effect":"count")"), "");
  EXPECT_THAT(action(R"("arm","point":"store/coppy","effect":"kill")"),
              HasSubstr("field \"point\": there is no point \"store/coppy\"; near it: store/copy"));
  EXPECT_THAT(action(R"("unpause","point":"nosuch")"), HasSubstr("field \"point\""));
  EXPECT_THAT(action(R"("arm","point":"store/copy","effect":"explode")"), HasSubstr("field \"effect\""));
  EXPECT_THAT(action(R"("arm","point":"store/size","effect":"fail","error":"ENOSUCH")"), HasSubstr("field \"effect\""));
  EXPECT_THAT(action(R"("arm","point":"store/copy","effect":"kill","occurrence":0)"),
              HasSubstr("field \"occurrence\""));
  EXPECT_THAT(action(R"("arm","point":"store/copy","effect":"kill","worker":2)"),
              HasSubstr("field \"worker\": 2 is out of range, the configuration has 2 worker(s)"));
  EXPECT_THAT(action(R"("kill","worker":-1)"), HasSubstr("field \"worker\": -1"));
  EXPECT_THAT(action(R"("explore_crash","worker":0,"by":"fire")"), HasSubstr("field \"by\""));
}

TEST(CheckTrace, TheClockStaysInItsRange) {
  const auto advance = [](const char* seconds) {
    return std::string(R"({"action":"advance_clock","seconds":)") + seconds + "}\n";
  };
  EXPECT_EQ(wrong_with(advance("3000000000") + advance("-4000000000")), "");
  EXPECT_THAT(wrong_with(advance("9223372036854775807")), HasSubstr("t.jsonl:2: field \"seconds\""));
  EXPECT_THAT(wrong_with(advance("-9223372036854775808")), HasSubstr("t.jsonl:2: field \"seconds\""));
  EXPECT_THAT(wrong_with(advance("4000000000") + advance("4000000000")), HasSubstr("t.jsonl:3: field \"seconds\""));
}

TEST(CheckTrace, TheAgeOfAFileStaysInItsRange) {
  const auto write = [](const char* age) {
    return std::string(R"({"action":"write","path":"@/a","content":"","age":)") + age + "}\n";
  };
  EXPECT_EQ(wrong_with(write("10000000000") + write("-10000000000")), "");
  EXPECT_THAT(wrong_with(write("-9223372036854775808")), HasSubstr("t.jsonl:2: field \"age\""));
  EXPECT_THAT(wrong_with(write("10000000001")), HasSubstr("t.jsonl:2: field \"age\""));
}

TEST(CheckTrace, AnExplorationIsOfARequestThatFollows) {
  const std::string explore = R"({"action":"explore_crash","worker":0})"
                              "\n";
  EXPECT_EQ(wrong_with(explore + labelled), "");
  EXPECT_THAT(wrong_with(labelled + explore), HasSubstr("t.jsonl:3: no request of worker 0 follows"));
}

TEST(CheckTrace, AFieldStandsOnce) {
  EXPECT_THAT(wrong_with(R"({"worker":0,"operations":[],"operations":[]})"
                         "\n"),
              HasSubstr("t.jsonl:2: field \"operations\" stands twice"));
}

TEST(CheckTrace, RefusesAnExpectationThatExpectsNothing) {
  const auto expecting = [](const std::string& matcher) {
    return wrong_with(R"({"worker":0,"operations":[{"op":"time","expect":)" + matcher + "}]}\n");
  };
  EXPECT_EQ(expecting(R"({"any":true})"), "") << "what is thrown fails it";
  EXPECT_THAT(expecting(R"({"diagnostics":{"any":true}})"), HasSubstr("t.jsonl:2: field \"expect\": every reply"));
  EXPECT_THAT(expecting(R"({"all":[{"output":{"matches":""}}]})"), HasSubstr("field \"expect\""));
}

TEST(CheckTrace, RefusesOperationsThatCannotBe) {
  const auto operation = [](const std::string& rest) {
    return wrong_with("{\"worker\":0,\"operations\":[{\"op\":\"time\"},{\"op\":" + rest + "}]}\n");
  };
  EXPECT_EQ(operation(R"("recall","operation":0)"), "");
  EXPECT_THAT(operation(R"("recall","operation":1)"), HasSubstr("field \"operation\": 1 is no operation before"));
  EXPECT_THAT(operation(R"("recall","operation":-1)"), HasSubstr("field \"operation\""));
  EXPECT_THAT(operation(R"("cache_get","key":"k","backend":"holy")"), HasSubstr("field \"backend\""));
  EXPECT_THAT(operation(R"("include","path":"@/a.php","how":"twice")"), HasSubstr("field \"how\""));
  EXPECT_THAT(operation(R"("time","clause":"XX-1")"), HasSubstr("field \"clause\""));
}

}  // namespace
}  // namespace assay::conformance
