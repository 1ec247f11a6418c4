// Plans in traces: what is planned wrongly is said, and what did not happen is no verdict.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/execution/executor.h"
#include "conformance/exploration/trace_sweep.h"
#include "conformance/runner/temporary_folder.h"
#include "conformance/scenario/scenario.h"

namespace assay::conformance {
namespace {

class FaultedRun : public testing::Test {
 protected:
  FaultedRun() : target_(*make_target("reference")), folder_(*TemporaryFolder::create()) {}
  std::unique_ptr<Target> target_;
  TemporaryFolder folder_;
};

class Stored final : public Scenario {
 public:
  Stored(const Description& target, std::string point, std::int64_t occurrence, bool optional)
      : Scenario(target), point_(std::move(point)), occurrence_(occurrence), optional_(optional) {}

 private:
  void steps() override {
    auto w = worker();
    act(ActionKind::arm, {{"point", point_},
                          {"effect", "fail"},
                          {"error", "ENOMEM"},
                          {"occurrence", occurrence_},
                          {"optional", optional_}});
    w.set("k", 1);
    act(ActionKind::disarm, {});
  }
  std::string point_;
  std::int64_t occurrence_;
  bool optional_;
};

class FaultedStore : public FaultedRun {
 protected:
  Trace store(std::string point, std::int64_t occurrence, bool optional = false) {
    return Stored(target_->description(), std::move(point), occurrence, optional).build("store", {});
  }
  Execution execute(const Trace& trace) { return Executor(*target_, folder_.path()).run(trace); }
};

TEST_F(FaultedStore, FiresAndIsCounted) {
  const Execution execution = execute(store("static/store/begin", 1));
  EXPECT_EQ(execution.verdict, Verdict::error) << "a step cannot be refused";
  const Execution refused = execute(store("static/lock/acquire", 1));
  EXPECT_EQ(refused.verdict, Verdict::pass) << refused.reason;
  EXPECT_EQ(refused.evidence.faults_fired, 1u);
  ASSERT_EQ(refused.evidence.points.count("static/lock/acquire"), 1u);
  EXPECT_EQ(refused.evidence.points.at("static/lock/acquire").operations.at("cache_set"), 1u);
}

TEST_F(FaultedStore, AnUnknownPointIsAnErrorThatNamesNearOnes) {
  const Execution execution = execute(store("static/lock/aquire", 1));
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_NE(execution.reason.find("static/lock/acquire"), std::string::npos);
}

TEST_F(FaultedStore, AnOccurrenceThatNeverComesIsInconclusive) {
  const Execution execution = execute(store("static/lock/acquire", 1000));
  EXPECT_EQ(execution.verdict, Verdict::inconclusive);
  EXPECT_NE(execution.reason.find("never fired"), std::string::npos);
  EXPECT_EQ(execution.evidence.faults_fired, 0u);
}

TEST_F(FaultedStore, AnOptionalFaultNeedNotFire) {
  EXPECT_EQ(execute(store("static/lock/acquire", 1000, true)).verdict, Verdict::pass);
}

TEST_F(FaultedStore, TwoSuitesAtOnceDoNotDisturbEachOther) {
  const pid_t other = ::fork();
  ASSERT_GE(other, 0);
  const auto all_fire = [&](const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (int i = 0; i < 20; ++i) {
      const Execution execution = Executor(*target_, folder).run(store("static/lock/acquire", 1));
      if (execution.verdict != Verdict::pass || execution.evidence.faults_fired != 1) return false;
    }
    return true;
  };
  if (other == 0) ::_exit(all_fire(folder_.path() / "other") ? 0 : 1);
  EXPECT_TRUE(all_fire(folder_.path() / "own"));
  int status = 0;
  ASSERT_EQ(::waitpid(other, &status, 0), other);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(FaultedStore, ASweepSkipsWhatArmsFaultsItself) {
  const TestResult result = sweep_trace(*target_, folder_.path(), store("static/lock/acquire", 1));
  EXPECT_EQ(result.verdict, Verdict::skip);
  EXPECT_NE(result.reason.find("arms faults itself"), std::string::npos);
}

class Plain final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    expect(w.set("k", 1), true);
    expect(w.get("k"), 1);
  }
};

TEST_F(FaultedStore, ASweepTriesEveryOpportunityAndEndsUndisturbed) {
  const TestResult result =
      sweep_trace(*target_, folder_.path(), Plain(target_->description()).build("plain", {"ST-SET-01"}));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_NE(result.reason.find("(exhaustive)"), std::string::npos);
  EXPECT_GE(result.evidence.faults_fired, 10u);
  EXPECT_EQ(result.clauses.at("ST-SET-01"), Verdict::pass);
}

// A request that the suite waits for half-way, and that is killed there if it is told to.
class Met final : public Scenario {
 public:
  Met(const Description& target, bool comes, bool is_killed = false)
      : Scenario(target), comes_(comes), is_killed_(is_killed) {}

 private:
  void steps() override {
    auto w = worker();
    auto r = w.background("met");
    if (is_killed_) r.ends("died");
    r.set("k", 1);
    if (comes_) r.rendezvous("half-way");
    wait_for_arrival("half-way");
    if (is_killed_)
      kill(w);
    else
      release("half-way");
    await("met");
  }
  bool comes_, is_killed_;
};

TEST_F(FaultedStore, ARequestThatAFaultEndsEarlyIsNotWaitedForHalfWay) {
  const auto began = std::chrono::steady_clock::now();
  const TestResult result =
      sweep_trace(*target_, folder_.path(), Met(target_->description(), true).build("met", {"ST-SET-01"}));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_GT(result.evidence.crash_states, 0u);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << "a meeting is given up after 10 s";
}

TEST_F(FaultedStore, ARequestThatNeverComesHalfWayIsAnErrorWhereNothingEndedIt) {
  const Execution execution = execute(Met(target_->description(), false).build("not met", {}));
  EXPECT_EQ(execution.verdict, Verdict::error);
  EXPECT_NE(execution.reason.find("no request arrived at the rendezvous \"half-way\""), std::string::npos);
}

TEST_F(FaultedStore, ASweepLeavesADeathToTheTraceThatMeansIt) {
  const TestResult result =
      sweep_trace(*target_, folder_.path(), Met(target_->description(), true, true).build("killed", {"GU-LIV-01"}));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
}

}  // namespace
}  // namespace assay::conformance
