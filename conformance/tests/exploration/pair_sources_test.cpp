// Schedules, kill matrices and second crashes of a pair, on the reference: how many there are, and what a failure keeps.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "conformance/exploration/all_schedules.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/checkpoint_runner.h"
#include "conformance/exploration/kill_matrix.h"
#include "conformance/exploration/second_crashes.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/tests/execution/scripted_target.h"

namespace assay::conformance {
namespace {

// Two stores of one key, after which there is a value. With `wrong` it is demanded that B was the last.
class TwoStores final : public Pair {
 public:
  explicit TwoStores(const Description& target, bool wrong = false) : Pair(target), wrong_(wrong) {}
  void read_as_b() { expect(worker(1).get("k"), one_of({"first", "of a"})); }
  void expect_of_a() { expect(worker(1).get("k"), "of a"); }

 private:
  void prepare() override { expect(helper().set("k", "first"), true); }
  void work(int number, RequestBuilder& request) override { request.set("k", number == 0 ? "of a" : "of b"); }
  void verify() override {
    expect(helper().get("k"), wrong_ ? Matcher(equals("of b")) : one_of({"first", "of a", "of b"}));
  }
  bool wrong_;
};

class PairSourcesTest : public testing::Test {
 protected:
  TestResult run(TraceSource&& source, CampaignOptions options = {}) {
    return Campaign(*target_, folder_.path(), options).run(source);
  }
  // The points inside the cache that a store visits.
  Visits visits() {
    TwoStores pair(target_->description());
    return visits_of(Executor(*target_, folder_.path()).run(count_alone(pair, 0, "store")).evidence, points::Use::held);
  }
  static std::uint64_t total(const Visits& visits) {
    std::uint64_t sum = 0;
    for (const auto& [point, times] : visits) sum += times;
    return sum;
  }

  std::unique_ptr<Target> target_ = *make_target("reference");
  TemporaryFolder folder_ = *TemporaryFolder::create();
};

TEST_F(PairSourcesTest, AllSchedulesWithOnePreemptionAreTried) {
  TwoStores pair(target_->description());
  const TestResult result = run(AllSchedules(pair, "two stores", {"GU-VAL-04"}, 1, false), {.least = 3});
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  const std::uint64_t each = total(visits());
  EXPECT_EQ(result.evidence.interleavings, 2 + 2 * each);
  EXPECT_EQ(result.evidence.traces, 2 + result.evidence.interleavings) << "and each worker alone";
}

// Who visited what, in what order; a worker that is paused and goes on with nobody between has one turn.
std::vector<std::pair<int, Visits>> order_of(const Execution& execution) {
  std::vector<std::pair<int, Visits>> order;
  for (const Turn& turn : execution.turns) {
    if (turn.visits.empty()) continue;
    if (order.empty() || order.back().first != turn.worker) order.emplace_back(turn.worker, Visits());
    for (const auto& [point, times] : turn.visits) order.back().second[point] += times;
  }
  return order;
}

TEST_F(PairSourcesTest, ASecondPreemptionThatChangesNoOrderIsLeftOut) {
  TwoStores pair(target_->description());
  CheckpointRunner runner(*target_, folder_.path());
  std::map<std::string, std::vector<std::pair<int, Visits>>> tried;
  Campaign campaign([&](const Trace& trace) {
    Execution execution = runner.run(trace);
    tried[trace.name] = order_of(execution);
    return execution;
  });
  const TestResult result = campaign.run(AllSchedules(pair, "s", {}, 2, false));
  ASSERT_EQ(result.verdict, Verdict::pass) << result.reason;
  std::size_t left_out = 0;
  for (const Schedule& schedule : all_schedules(visits(), visits(), 2)) {
    const auto one = tried.find("s: " + to_text({schedule.b_begins, schedule.first, std::nullopt}));
    ASSERT_NE(one, tried.end());
    if (!schedule.second) continue;
    const Trace trace = interleave(pair, schedule, "s", {});
    if (const auto two = tried.find(trace.name); two != tried.end()) {
      EXPECT_NE(two->second, one->second) << trace.name;
      continue;
    }
    ++left_out;
    const Execution execution = runner.run(trace);
    if (execution.verdict != Verdict::pass) continue;  // it does not exist
    EXPECT_EQ(order_of(execution), one->second) << trace.name;
  }
  EXPECT_GT(left_out, 20u) << "one waits for the lock of the other";
}

// What a source proposes next, in short; nothing of it is executed.
std::string next_of(TraceSource& source, const Execution& execution) {
  const auto candidate = source.next();
  if (!candidate) return "";
  source.observe(*candidate, execution);
  return candidate->trace.name;
}

TEST_F(PairSourcesTest, WhereAnotherIsStillAtWorkEachSecondPreemptionIsTried) {
  TwoStores pair(target_->description());
  const std::string begin = "static/store/begin", copy = "static/store/copy", publish = "static/store/publish";
  Execution alone, waits;
  for (const std::string& point : {begin, copy, publish}) alone.evidence.points[point].reached = 1;
  // B waits for a lock at once, and A does something when B has gone on.
  waits.turns = {{0, {{begin, 1}}}, {1, {{begin, 1}}}, {0, {{copy, 1}}}, {1, {{copy, 1}}}, {0, {{publish, 1}}}};
  for (const bool is_over : {false, true}) {
    if (is_over) waits.turns.back().visits.clear();
    AllSchedules source(pair, "s", {}, 2, false);
    for (int worker = 0; worker < 2; ++worker) next_of(source, alone);
    EXPECT_EQ(next_of(source, {}), "s: A1 B1");
    EXPECT_EQ(next_of(source, waits), "s: A1 B1 A2 (A at static/store/begin 1)");
    EXPECT_EQ(next_of(source, {}), "s: A1 B1 A2 B2 (A at static/store/begin 1, B at static/store/begin 1)");
    EXPECT_EQ(next_of(source, {}), is_over ? "s: A1 B1 A2 (A at static/store/copy 1)"
                                           : "s: A1 B1 A2 B2 (A at static/store/begin 1, B at static/store/copy 1)");
  }
}

TEST_F(PairSourcesTest, AScheduleThatFailsIsKept) {
  TwoStores pair(target_->description(), true);
  const TestResult result = run(AllSchedules(pair, "two stores", {"GU-VAL-04"}, 1, false));
  ASSERT_EQ(result.verdict, Verdict::fail);
  ASSERT_TRUE(result.failing_trace.has_value());
  EXPECT_NE(result.failing_trace->name.find("A1 B1 A2 (A at "), std::string::npos) << result.failing_trace->name;
}

TEST_F(PairSourcesTest, WithoutPointsThereAreNoSchedules) {
  ScriptedTarget scripted(
      [](int, std::span<const Exchange> exchanges) { return ScriptedTarget::all(exchanges, Reply::of(Value(true))); });
  TwoStores pair(scripted.description());
  const TestResult result = Campaign(scripted, folder_.path()).run(AllSchedules(pair, "two stores", {}, 1, false));
  EXPECT_EQ(result.verdict, Verdict::skip) << result.reason;
  EXPECT_EQ(result.reason, "the target shows no point on the way of A");
}

TEST_F(PairSourcesTest, AKillAtEachVisitIsFollowedByEachOperation) {
  TwoStores pair(target_->description());
  const std::vector<KillMatrix::Next> next = {{"nothing", [] {}}, {"a get", [&] { pair.read_as_b(); }}};
  const TestResult result = run(KillMatrix(pair, "a store", {"GU-VAL-02"}, next, 1));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_EQ(result.evidence.crash_states, 2 * visits().size());
  EXPECT_EQ(result.evidence.faults_fired, result.evidence.crash_states);
}

TEST_F(PairSourcesTest, ACellThatFailsNamesTheKillAndWhatCameNext) {
  TwoStores pair(target_->description());
  const TestResult result =
      run(KillMatrix(pair, "a store", {"GU-VAL-02"}, {{"a wrong get", [&] { pair.expect_of_a(); }}}, 1));
  ASSERT_EQ(result.verdict, Verdict::fail);
  EXPECT_NE(result.failing_trace->name.find("a store dies at "), std::string::npos);
  EXPECT_NE(result.failing_trace->name.find("then a wrong get"), std::string::npos);
}

TEST_F(PairSourcesTest, BIsKilledAtEachPointAfterEachDeathOfA) {
  TwoStores pair(target_->description());
  const TestResult result = run(SecondCrashes(pair, "two stores", {"GU-VAL-02"}));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  const std::uint64_t points = visits().size();
  EXPECT_GE(result.evidence.crash_states, points * (points - 1)) << "a repair adds points to B's way";
  EXPECT_EQ(result.evidence.faults_fired, 2 * result.evidence.crash_states + points);
}

TEST_F(PairSourcesTest, WithoutPointsNothingCanBeKilled) {
  ScriptedTarget scripted(
      [](int, std::span<const Exchange> exchanges) { return ScriptedTarget::all(exchanges, Reply::of(Value(true))); });
  TwoStores pair(scripted.description());
  EXPECT_EQ(Campaign(scripted, folder_.path()).run(KillMatrix(pair, "k", {}, {}, 1)).verdict, Verdict::skip);
  EXPECT_EQ(Campaign(scripted, folder_.path()).run(SecondCrashes(pair, "k", {})).verdict, Verdict::skip);
}

}  // namespace
}  // namespace assay::conformance
