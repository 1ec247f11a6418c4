#include "conformance/exploration/comparison.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "conformance/exploration/comparison_forms.h"
#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/tests/execution/scripted_target.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using K = OperationKind;
using Answer = std::function<Reply(const Operation& operation, std::span<const Exchange> before)>;

Reply honest(const Operation& operation, std::span<const Exchange>) {
  return operation.kind() == K::realpath ? Reply::of(operation.text("path")) : Reply::of(false);
}

ScriptedTarget answering(Answer answer) {
  return ScriptedTarget([answer = std::move(answer)](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
    Outcome outcome = ScriptedTarget::all(exchanges, Reply::of(false));
    for (std::size_t i = 0; i < exchanges.size(); ++i)
      outcome.replies[i] = answer(exchanges[i].operation, exchanges.first(i));
    return outcome;
  });
}

bool asked(std::span<const Exchange> exchanges, K kind) {
  return std::any_of(exchanges.begin(), exchanges.end(),
                     [&](const Exchange& exchange) { return exchange.operation.kind() == kind; });
}

// Questions for files, by two workers, and steps of the clock.
Trace random_questions(std::uint64_t seed) {
  return generate(seed, [](Draw& draw) {
    TraceBuilder out("questions", 2);
    for (int step = 0; step < 12; ++step) {
      if (draw.percent(20)) out.advance(1);
      out.begin_request(draw.below(2));
      for (int i = 0; i < 3; ++i)
        out.ask(draw.one_of({K::is_file, K::is_link, K::realpath}), {{"path", draw.one_of({"@/a", "@/b"})}});
    }
    return std::move(out.trace);
  });
}

class ComparisonTest : public testing::Test {
 protected:
  ComparisonTest() {
    options_.histories = 20;
    options_.on_difference = [this](const DifferenceKind& difference) { shown_.push_back(difference.kind); };
    for (ScriptedTarget* target : {&honest_, &other_}) target->description().features.insert("realpath_cache");
  }

  Comparison compare(ScriptedTarget& b) {
    b.description().features.insert("realpath_cache");
    ComparedTargets targets({honest_, {}}, {b, ini_b_}, folder_.path(), false);
    return compare_histories(targets, {{"realpath", random_questions}}, options_);
  }

  Execution replay(ScriptedTarget& target, const Trace& trace) {
    TestFolder folder;
    return Executor(target, folder.path()).run(trace);
  }

  TestFolder folder_;
  ScriptedTarget honest_ = answering(honest), other_ = answering(honest);
  Directives ini_b_;
  ComparisonOptions options_;
  std::vector<std::string> shown_;
};

TEST_F(ComparisonTest, EqualTargetsShowNoDifference) {
  const Comparison comparison = compare(other_);
  EXPECT_THAT(comparison.differences, IsEmpty());
  EXPECT_FALSE(comparison.has_unexpected());
  EXPECT_EQ(comparison.histories, 20u);
  EXPECT_EQ(comparison.operations, 20u * 12 * 3);
  EXPECT_THAT(comparison.left_out, IsEmpty());
  EXPECT_THAT(comparison.not_repeated, IsEmpty());
}

TEST_F(ComparisonTest, AWrongReplyIsFoundMadeSmallestAndKeptOnce) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    const bool lies = operation.kind() == K::is_file && asked(before, K::is_link);
    return lies ? Reply::of(true) : honest(operation, before);
  });
  const Comparison comparison = compare(wrong);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  const DifferenceKind& found = comparison.differences[0];
  EXPECT_EQ(found.kind, "is_file: value, false against true");
  EXPECT_THAT(shown_, testing::ElementsAre(found.kind));
  EXPECT_GT(found.histories, 10u);
  EXPECT_TRUE(found.is_smallest);
  EXPECT_TRUE(comparison.has_unexpected());
  ASSERT_THAT(found.trace.steps, SizeIs(1));
  const auto& exchanges = std::get<Request>(found.trace.steps[0]).exchanges;
  ASSERT_THAT(exchanges, SizeIs(2));
  EXPECT_EQ(exchanges[0].operation.kind(), K::is_link);
  EXPECT_EQ(exchanges[1].operation.kind(), K::is_file);
}

TEST_F(ComparisonTest, TheTraceOfADifferencePassesOnAAndFailsOnB) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::is_file ? Reply::of(true) : honest(operation, before);
  });
  const Comparison comparison = compare(wrong);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  const DifferenceKind& found = comparison.differences[0];
  EXPECT_TRUE(found.replays);
  const auto read = trace_from_json_lines(to_json_lines(found.trace), "trace");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(replay(honest_, *read).verdict, Verdict::pass);
  EXPECT_EQ(replay(wrong, *read).verdict, Verdict::fail);
}

TEST_F(ComparisonTest, AnUnknownOperationIsLeftOutAndCounted) {
  ScriptedTarget without = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::realpath ? Reply::of("asked all the same") : honest(operation, before);
  });
  without.description().unknown_operations["realpath"] = "there is none";
  const Comparison comparison = compare(without);
  EXPECT_THAT(comparison.differences, IsEmpty());
  ASSERT_TRUE(comparison.left_out.contains("realpath"));
  EXPECT_GT(comparison.left_out.at("realpath").times, 100u);
  EXPECT_EQ(comparison.left_out.at("realpath").times + comparison.operations, 20u * 12 * 3);
  EXPECT_THAT(comparison.left_out.at("realpath").why, HasSubstr("there is none"));
}

TEST_F(ComparisonTest, AnOperationThatIsTurnedDownWhenAskedIsLeftOutFromThenOn) {
  ScriptedTarget without = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::realpath ? Reply::unsupported("not here") : honest(operation, before);
  });
  const Comparison comparison = compare(without);
  EXPECT_THAT(comparison.differences, IsEmpty());
  EXPECT_EQ(comparison.histories, 19u);  // the one that found it out was not compared
  EXPECT_TRUE(comparison.left_out.contains("realpath"));
}

TEST_F(ComparisonTest, AnActionOfAMissingFeatureIsLeftOut) {
  other_.description().features.erase("clock.virtual");
  const Comparison comparison = compare(other_);
  EXPECT_EQ(comparison.histories, 20u);
  EXPECT_TRUE(comparison.left_out.contains("advance_clock"));
}

TEST_F(ComparisonTest, WhereNothingIsInCommonNothingIsCompared) {
  other_.description().features.erase("files");
  other_.description().unknown_operations["realpath"] = "there is none";
  const Comparison comparison = compare(other_);
  EXPECT_EQ(comparison.operations, 0u);
  EXPECT_THAT(comparison.not_compared, SizeIs(1));
}

TEST_F(ComparisonTest, ATargetThatDiesInTheMiddleIsADifference) {
  ScriptedTarget dying([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
    if (!asked(exchanges, K::realpath)) return ScriptedTarget::all(exchanges, Reply::of(false));
    return ScriptedTarget::all(exchanges, Reply::not_run(), Outcome::Kind::died);
  });
  const Comparison comparison = compare(dying);
  ASSERT_THAT(comparison.differences, testing::Not(IsEmpty()));
  for (const DifferenceKind& found : comparison.differences) {
    EXPECT_THAT(found.kind, HasSubstr("end of the request, completed against died"));
    EXPECT_TRUE(found.replays);
    ASSERT_THAT(found.trace.steps, SizeIs(1));
  }
  EXPECT_THAT(dying.replaced, testing::Not(IsEmpty()));
}

TEST_F(ComparisonTest, ATargetThatBreaksIsADifference) {
  ScriptedTarget broken([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
    if (asked(exchanges, K::realpath)) return failure("connection 17 is gone");
    return ScriptedTarget::all(exchanges, Reply::of(false));
  });
  const Comparison comparison = compare(broken);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  EXPECT_EQ(comparison.differences[0].kind, "the target: B broke: connection N is gone");
  EXPECT_TRUE(comparison.differences[0].replays);
}

TEST_F(ComparisonTest, ATargetThatNeverStartsIsADifference) {
  other_.refusal = "no memory";
  const Comparison comparison = compare(other_);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  EXPECT_THAT(comparison.differences[0].b, HasSubstr("no memory"));
}

TEST_F(ComparisonTest, AKnownDifferenceIsCountedAndNotUnexpected) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::is_file ? Reply::of(true) : honest(operation, before);
  });
  options_.known = {{"is_file: value*", "on purpose", "docs/x.md", 1}};
  const Comparison comparison = compare(wrong);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  EXPECT_FALSE(comparison.has_unexpected());
  EXPECT_GT(comparison.differences[0].histories, 10u);
  options_.known[0].difference = "is_link*";
  EXPECT_TRUE(compare(wrong).has_unexpected());
}

TEST_F(ComparisonTest, WhatComesOnceOnlyIsNoDifference) {
  int times = 0;
  ScriptedTarget moody = answering([&times](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::is_file && ++times == 5 ? Reply::of(true) : honest(operation, before);
  });
  const Comparison comparison = compare(moody);
  EXPECT_THAT(comparison.differences, IsEmpty());
  ASSERT_THAT(comparison.not_repeated, SizeIs(1));
  EXPECT_EQ(comparison.not_repeated.begin()->first, "is_file: value, false against true");
}

TEST_F(ComparisonTest, TheTraceHasTheDirectivesOfB) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::is_file ? Reply::of(true) : honest(operation, before);
  });
  ini_b_["opcache.enable"] = "0";
  const Comparison comparison = compare(wrong);
  ASSERT_THAT(comparison.differences, SizeIs(1));
  EXPECT_EQ(comparison.differences[0].trace.configuration.ini, ini_b_);
}

TEST_F(ComparisonTest, TheSeedOfADifferenceFindsItAtOnce) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    const bool lies = operation.kind() == K::is_file && before.size() == 2 && operation.text("path") == "@/b" &&
                      before[0].operation.kind() == K::realpath && before[1].operation.kind() == K::realpath;
    return lies ? Reply::of(true) : honest(operation, before);
  });
  options_.histories = 200;
  const Comparison first = compare(wrong);
  ASSERT_THAT(first.differences, SizeIs(1));
  options_.seed = first.differences[0].seed;
  options_.histories = 1;
  EXPECT_THAT(compare(wrong).differences, SizeIs(1));
}

TEST_F(ComparisonTest, FormsSayWhatWasFoundAndHowToReplayIt) {
  ScriptedTarget wrong = answering([](const Operation& operation, std::span<const Exchange> before) {
    return operation.kind() == K::is_file ? Reply::of(true) : honest(operation, before);
  });
  const Comparison comparison = compare(wrong);
  ComparisonTitle title;
  title.a = honest_.description();
  title.b = wrong.description();
  title.option_b = "scripted";
  const DifferenceKind& found = comparison.differences.at(0);
  EXPECT_THAT(difference_text(found, title, {"d/x.jsonl", "", ""}),
              AllOf(HasSubstr(found.kind), HasSubstr("assay replay d/x.jsonl --target scripted")));
  EXPECT_THAT(comparison_summary(comparison, title),
              AllOf(HasSubstr("compared: 20 histories (20 realpath), 720 operations"),
                    HasSubstr("1 kind of differences"), testing::Not(HasSubstr("known"))));
  const Json json = comparison_json(comparison, title, {{found.kind, {"d/x.jsonl", "", ""}}});
  EXPECT_EQ(json.at("differences").at(0).at("trace"), "d/x.jsonl");
  EXPECT_TRUE(json.at("differences").at(0).at("known").is_null());
  EXPECT_EQ(json.at("operations"), 720);
}

}  // namespace
}  // namespace assay::conformance
