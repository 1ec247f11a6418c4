// Traces that go on from one checkpoint: each says what it says on a runtime of its own.
#include "conformance/exploration/checkpoint_runner.h"

#include <gtest/gtest.h>

#include "conformance/exploration/pair.h"
#include "conformance/runner/temporary_folder.h"

namespace assay::conformance {
namespace {

class CheckpointRunnerTest : public testing::Test {
 protected:
  CheckpointRunnerTest()
      : target_(*make_target("reference")), folder_(*TemporaryFolder::create()), runs_(*target_, folder_.path()) {}
  std::unique_ptr<Target> target_;
  TemporaryFolder folder_;
  CheckpointRunner runs_;
};

// A prefix, then what `rest` asks for.
class Begun final : public Scenario {
 public:
  enum class Rest { changes_all, looks, is_wrong, kills, overwrites };
  Begun(const Description& target, Rest rest) : Scenario(target), rest_(rest) {}

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write("@/script.php", returns("of the prefix"));
    expect(one.set("k", "of the prefix", 100), true);
    expect(one.include("@/script.php"), "of the prefix");
    advance_clock(std::chrono::seconds(60));
    act(ActionKind::arm, {{"point", "static/store/publish"}, {"effect", "count"}});
    switch (rest_) {
      case Rest::changes_all:
        expect(two.set("k", "new"), true);
        expect(two.set("other", Value::list(std::vector<Value>(500, Value("large")))), true);
        expect(two.invalidate("@/script.php", true), true);
        write("@/late.php", returns("late"));
        expect(two.include("@/late.php"), "late");
        advance_clock(std::chrono::seconds(50));
        break;
      case Rest::looks:
        expect(two.get("k"), "of the prefix");
        expect(two.has_key("other"), false);
        expect(two.is_cached("@/script.php"), true);
        expect(two.is_cached("@/late.php"), false);
        expect(two.file_exists("@/late.php"), false);
        expect(two.time(), now());
        break;
      case Rest::is_wrong:
        expect(two.get("k"), "of nobody");
        break;
      case Rest::kills:
        kill(two);
        expect(two.get("k"), "of the prefix");
        break;
      case Rest::overwrites:
        write("@/script.php", returns("new"));
        break;
    }
    act(ActionKind::disarm, {});
  }
  Rest rest_;
};

TEST_F(CheckpointRunnerTest, EachGoesOnFromTheCheckpoint) {
  const Trace changes = Begun(target_->description(), Begun::Rest::changes_all).build("changes", {});
  const Trace looks = Begun(target_->description(), Begun::Rest::looks).build("looks", {});
  for (int i = 0; i < 3; ++i) {
    for (const Trace& trace : {changes, looks}) {
      const Execution execution = runs_.run(trace);
      EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
    }
  }
  EXPECT_EQ(runs_.from_checkpoint(), 6u);
}

TEST_F(CheckpointRunnerTest, WhatIsCountedIsOfOneTrace) {
  const Trace trace = Begun(target_->description(), Begun::Rest::changes_all).build("changes", {});
  const Execution alone = Executor(*target_, folder_.path()).run(trace);
  for (int i = 0; i < 3; ++i) {
    const Execution execution = runs_.run(trace);
    EXPECT_EQ(execution.evidence.points.at("static/store/publish").reached,
              alone.evidence.points.at("static/store/publish").reached);
  }
}

TEST_F(CheckpointRunnerTest, AFailureIsConfirmedOnAFreshRuntime) {
  const Trace wrong = Begun(target_->description(), Begun::Rest::is_wrong).build("wrong", {});
  const Trace looks = Begun(target_->description(), Begun::Rest::looks).build("looks", {});
  const Execution execution = runs_.run(wrong);
  EXPECT_EQ(execution.verdict, Verdict::fail);
  EXPECT_EQ(execution.observations.size(), 3u) << "all of the trace was executed";
  EXPECT_EQ(runs_.run(looks).verdict, Verdict::pass);
  EXPECT_EQ(runs_.from_checkpoint(), 1u);
}

TEST_F(CheckpointRunnerTest, WhatCannotBeRestoredHasARuntimeOfItsOwn) {
  for (const auto rest : {Begun::Rest::kills, Begun::Rest::overwrites}) {
    const Execution execution = runs_.run(Begun(target_->description(), rest).build("whole", {}));
    EXPECT_EQ(execution.verdict, Verdict::pass) << execution.reason;
  }
  EXPECT_EQ(runs_.from_checkpoint(), 0u);
}

class StoresBySide final : public Pair {
 public:
  using Pair::Pair;

 private:
  void prepare() override { expect(helper().set("k", "first"), true); }
  void work(int worker, RequestBuilder& request) override {
    expect(request.set("k", worker == 0 ? "of a" : "of b"), true);
  }
  void verify() override { expect(helper().get("k"), one_of({"of a", "of b"})); }
};

// Two requests in the background, and a fault that never fires or a count: what comes after the first answer is not
// executed where it does not.
class InBackground final : public Scenario {
 public:
  InBackground(const Description& target, bool never_fires) : Scenario(target), never_fires_(never_fires) {}

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set("k", "v"), true);
    act(ActionKind::arm,
        {{"point", "static/store/publish"}, {"effect", never_fires_ ? "pause" : "count"}, {"occurrence", 9}});
    auto first = one.background("first");
    expect(first.get("k"), "v");
    auto second = two.background("second");
    for (int i = 0; i < (never_fires_ ? 1 : 2); ++i) expect(second.get("k"), "v");
    act(ActionKind::disarm, {});
    for (const char* name : {"first", "second"}) await(name);
  }
  bool never_fires_;
};

TEST_F(CheckpointRunnerTest, AnswersThatNobodyWaitsForAreNotTheNextOnes) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(runs_.run(InBackground(target_->description(), true).build("never", {})).verdict, Verdict::inconclusive);
    const Execution next = runs_.run(InBackground(target_->description(), false).build("next", {}));
    EXPECT_EQ(next.verdict, Verdict::pass) << next.reason;
  }
  EXPECT_EQ(runs_.from_checkpoint(), 6u);
}

TEST_F(CheckpointRunnerTest, TheSameSchedulesExist) {
  Executor executor(*target_, folder_.path());
  StoresBySide pair(target_->description());
  const Visits visits = {{"static/lock/held", 1}, {"static/store/publish", 1}, {"static/store/end", 2}};
  const std::vector<Schedule> all = all_schedules(visits, visits, 2);
  for (const Schedule& schedule : all) {
    const Trace trace = interleave(pair, schedule, "two stores", {});
    EXPECT_EQ(runs_.run(trace).verdict, executor.run(trace).verdict) << to_text(schedule);
  }
  EXPECT_EQ(runs_.from_checkpoint(), all.size()) << "also after a schedule that does not exist, no answer is left over";
}

}  // namespace
}  // namespace assay::conformance
