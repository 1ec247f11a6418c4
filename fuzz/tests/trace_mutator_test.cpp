#include "fuzz/common/trace_mutator.h"

#include <gtest/gtest.h>

#include <set>

#include "conformance/vocabulary/trace.h"

namespace assay::fuzz {
namespace {

using namespace conformance;

const std::string trace = R"({"assay_trace":1,"name":"n","clauses":["SC-VAL-02"],"pools":[{"workers":2}]})"
                          "\n"
                          R"({"action":"write","path":"@/a.php","content":"<?php return 1;"})"
                          "\n"
                          R"({"worker":1,"operations":[{"op":"include","path":"@/a.php","expect":{"equal":1}}]})"
                          "\n";

TEST(TraceMutator, MakesOtherTracesThatAreRead) {
  std::set<std::string> made;
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    const auto text = mutated_trace(trace, seed);
    ASSERT_TRUE(text);
    const auto read = trace_from_json_lines(*text, "made");
    ASSERT_TRUE(read) << read.error().message << "\n" << *text;
    made.insert(*text);
  }
  EXPECT_GT(made.size(), 400u);
}

TEST(TraceMutator, DoesTheSameAgain) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) EXPECT_EQ(mutated_trace(trace, seed), mutated_trace(trace, seed));
}

TEST(TraceMutator, LeavesWhatIsNoTraceToTheEngine) {
  EXPECT_FALSE(mutated_trace("no trace", 1));
  EXPECT_FALSE(spliced_traces(trace, "no trace", 1));
}

TEST(TraceMutator, AsksForEveryOperation) {
  std::set<std::string> asked;
  std::string text = trace;
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    text = *mutated_trace(seed % 10 == 0 ? trace : text, seed);
    const auto read = trace_from_json_lines(text, "made");
    for (const Step& step : read->steps) {
      const auto* request = std::get_if<Request>(&step);
      if (!request) continue;
      for (const Exchange& exchange : request->exchanges) asked.insert(exchange.operation.spec->name);
    }
  }
  for (const CallSpec& spec : operation_specs()) EXPECT_TRUE(asked.contains(spec.name)) << spec.name;
}

TEST(TraceMutator, JoinsTheBeginningOfOneWithTheEndOfAnother) {
  const std::string other = std::string(trace).replace(trace.find("a.php"), 5, "b.php");
  bool is_joined = false;
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const auto text = spliced_traces(trace, other, seed);
    ASSERT_TRUE(text && trace_from_json_lines(*text, "made"));
    is_joined |= text->find("b.php") != std::string::npos && text->find("a.php") != std::string::npos;
  }
  EXPECT_TRUE(is_joined);
}

}  // namespace
}  // namespace assay::fuzz
