// The one loop over many traces: what it sums up, when it ends, and what it says then.
#include "conformance/exploration/campaign.h"

#include <gtest/gtest.h>

#include "conformance/exploration/trace_list.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/scenario/scenario.h"
#include "conformance/tests/execution/scripted_target.h"

namespace assay::conformance {
namespace {

// Asks for several files, and is told whether each is there.
class Asking final : public Scenario {
 public:
  Asking(const Description& target, std::vector<std::string> paths) : Scenario(target), paths_(std::move(paths)) {}

 private:
  void steps() override {
    auto w = worker();
    for (const std::string& path : paths_) expect(w.file_exists(path), true);
  }
  std::vector<std::string> paths_;
};

// A list of traces that says more than a list does.
class Source final : public TraceSource {
 public:
  explicit Source(std::vector<Candidate> candidates) : candidates_(std::move(candidates)) {}

  std::optional<Candidate> next() override {
    if (at_ == candidates_.size()) return std::nullopt;
    return candidates_[at_++];
  }
  std::optional<Candidate> last() override { return last_; }
  void judge(const Trace&, Execution& execution) override {
    if (refuses && execution.verdict == Verdict::pass) {
      execution.verdict = Verdict::fail;
      execution.failed_clause = "GU-VAL-02";
      execution.reason = "refused";
    }
  }
  std::uint64_t observe(const Candidate& candidate, const Execution& execution) override {
    observed.push_back(execution.verdict);
    return TraceSource::observe(candidate, execution);
  }
  std::string counted() const override { return "somethings"; }
  std::string reason_to_skip() const override { return skip_reason; }
  Trace as_test(Trace trace, const Execution&) const override {
    trace.note = "kept";
    return trace;
  }
  std::vector<Trace> parts_of(const Candidate&, const Execution&) const override { return parts; }
  bool shrinks() const override { return is_shrinking; }
  bool goes_on_after(const Candidate&, const Execution&, const TestResult&) override { return goes_on; }
  void conclude(TestResult& result) override { result.details += "concluded"; }

  std::size_t taken() const { return at_; }
  bool refuses = false, is_shrinking = false, goes_on = false;
  std::string skip_reason;
  std::vector<Trace> parts;
  std::optional<Candidate> last_;
  std::vector<Verdict> observed;

 private:
  std::vector<Candidate> candidates_;
  std::size_t at_ = 0;
};

class CampaignTest : public testing::Test {
 protected:
  // "@/missing" is not there, everything else is.
  CampaignTest()
      : target_([](int, std::span<const Exchange> exchanges) -> Expected<Outcome> {
          Outcome outcome = ScriptedTarget::all(exchanges, Reply::of(Value(true)));
          for (std::size_t i = 0; i < exchanges.size(); ++i) {
            if (exchanges[i].operation.text("path") == "@/refused") return refusal("no memory");
            if (exchanges[i].operation.text("path") == "@/missing") outcome.replies[i] = Reply::of(Value(false));
          }
          return outcome;
        }) {}

  Trace asking(std::vector<std::string> paths) {
    return Asking(target_.description(), std::move(paths)).build("asking", {"GU-VAL-01"});
  }
  // A fault that never fires: the point is not visited.
  Trace absent() {
    Trace trace = asking({"@/a"});
    trace.steps.emplace(trace.steps.begin(),
                        make_action(ActionKind::arm, {{"point", "store/copy"}, {"effect", "kill"}}));
    return trace;
  }
  TestResult run(TraceSource& source, CampaignOptions options = {}) {
    return Campaign(target_, folder_.path(), options).run(source);
  }

  ScriptedTarget target_;
  TemporaryFolder folder_ = *TemporaryFolder::create();
};

TEST_F(CampaignTest, EvidenceSumsUp) {
  Source source({{asking({"@/a"})}, {asking({"@/a", "@/b"})}});
  const TestResult result = run(source, {.least = 2});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.traces, 2u);
  EXPECT_EQ(result.evidence.operations, 3u);
  EXPECT_EQ(result.details, "concluded");
}

TEST_F(CampaignTest, ACandidateSaysWhichEvidenceGrows) {
  Source source({{asking({"@/a"}), Candidate::Role::counted, &Evidence::interleavings},
                 {absent(), Candidate::Role::counted, &Evidence::interleavings},
                 {asking({"@/a"}), Candidate::Role::counted, &Evidence::crash_states}});
  const TestResult result = run(source);
  EXPECT_EQ(result.evidence.interleavings, 1u);
  EXPECT_EQ(result.evidence.crash_states, 1u);
}

TEST_F(CampaignTest, ATraceThatTheMachineRefusesIsNotTakenForOneThatDoesNotExist) {
  Source source({{asking({"@/a"})}, {asking({"@/refused"})}, {asking({"@/b"})}});
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_NE(result.reason.find("no memory"), std::string::npos) << result.reason;
  EXPECT_EQ(source.taken(), 2u);
}

TEST_F(CampaignTest, TheFirstFailureEndsItAndIsKept) {
  Source source({{asking({"@/a"})}, {asking({"@/a", "@/missing"})}, {asking({"@/b"})}});
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses.at("GU-VAL-01"), Verdict::fail);
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_EQ(result.failing_trace->steps.size(), 2u);
  EXPECT_EQ(result.failing_trace->note, "kept");
  EXPECT_EQ(source.taken(), 2u);
  EXPECT_EQ(result.evidence.operations, 3u) << "of all traces so far";
  EXPECT_EQ(result.details.find("concluded"), std::string::npos);
}

TEST_F(CampaignTest, AFailureIsMadeSmallerWhereTheSourceAllowsIt) {
  Source source({{asking({"@/a", "@/b", "@/missing", "@/c"})}});
  source.is_shrinking = true;
  const TestResult result = run(source);
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_EQ(result.failing_trace->steps.size(), 1u) << to_text(*result.failing_trace);
  EXPECT_EQ(Executor(target_, folder_.path()).run(*result.failing_trace).verdict, Verdict::fail);
}

TEST_F(CampaignTest, APartThatFailsAloneIsKept) {
  Source source({{asking({"@/a", "@/missing", "@/b"})}});
  source.parts = {asking({"@/a"}), asking({"@/missing"}), asking({"@/missing", "@/b"})};
  const TestResult result = run(source);
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_EQ(result.failing_trace->steps.size(), 1u);
}

TEST_F(CampaignTest, ASourceMayRefuseWhatPassed) {
  Source source({{asking({"@/a"})}});
  source.refuses = true;
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses.at("GU-VAL-02"), Verdict::fail);
  EXPECT_TRUE(source.observed.empty());
}

TEST_F(CampaignTest, ItGoesOnAfterAFailureWhereOthersAreWorthKnowing) {
  Source source({{asking({"@/missing"})}, {asking({"@/a", "@/missing"})}, {asking({"@/b"})}});
  source.goes_on = true;
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(source.taken(), 3u);
  EXPECT_EQ(result.failing_trace->steps.size(), 1u) << "the first one";
  EXPECT_NE(result.details.find("concluded"), std::string::npos);
}

TEST_F(CampaignTest, FewerThanTheMinimumIsInconclusive) {
  Source source({{asking({"@/a"})}, {absent()}});
  const TestResult result = run(source, {.least = 2});
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "only 1 somethings (2 are needed)");
  EXPECT_TRUE(result.clauses.empty()) << "too little says nothing about any clause";
  EXPECT_EQ(source.observed, (std::vector{Verdict::pass, Verdict::inconclusive}));
}

TEST_F(CampaignTest, WhereNothingExistsItSaysWhyTheLastOneDoesNot) {
  Source source({{absent()}});
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_NE(result.reason.find("never fired: store/copy"), std::string::npos) << result.reason;
}

TEST_F(CampaignTest, NothingToDoIsASkipWithItsReason) {
  Source source({{absent()}});
  source.skip_reason = "the target shows no points";
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::skip);
  EXPECT_EQ(result.reason, "the target shows no points");
}

TEST_F(CampaignTest, WhatWasCountedIsNoSkip) {
  Source source({{asking({"@/a"})}});
  source.skip_reason = "the target shows no points";
  EXPECT_EQ(run(source).verdict, Verdict::pass);
}

TEST_F(CampaignTest, ATraceThatHasToExistIsInconclusiveForAll) {
  Source source({{absent(), Candidate::Role::counted, nullptr, false}, {asking({"@/a"})}});
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(source.taken(), 1u);
}

TEST_F(CampaignTest, AnErrorEndsIt) {
  target_.refusal = "not today";
  Source source({{asking({"@/a"})}, {asking({"@/b"})}});
  source.goes_on = true;
  const TestResult result = run(source);
  EXPECT_EQ(result.verdict, Verdict::error);
  EXPECT_EQ(source.taken(), 1u);
}

TEST_F(CampaignTest, TheBudgetEndsItButNotTheProbesNorTheLast) {
  const auto probe = Candidate::Role::probe;
  for (const CampaignOptions& options :
       {CampaignOptions{.most_traces = 1}, CampaignOptions{.least = 0, .most_time = std::chrono::milliseconds(0)}}) {
    Source source({{asking({"@/a"}), probe}, {asking({"@/a"})}, {asking({"@/a"})}, {asking({"@/a"})}});
    source.last_ = Candidate{asking({"@/a"}), probe};
    const TestResult result = run(source, options);
    EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
    EXPECT_EQ(result.evidence.traces, options.most_traces + 2);
  }
}

TEST_F(CampaignTest, TheLastTraceIsJudgedToo) {
  Source source({{asking({"@/a"})}});
  source.last_ = Candidate{asking({"@/missing"}), Candidate::Role::probe};
  EXPECT_EQ(run(source).verdict, Verdict::fail);
}

TEST_F(CampaignTest, AListIsTriedInItsOrder) {
  const TestResult result =
      Campaign(target_, folder_.path(), {.least = 2}).run(TraceList({asking({"@/a"}), absent(), asking({"@/b"})}));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.traces, 3u);
}

}  // namespace
}  // namespace assay::conformance
