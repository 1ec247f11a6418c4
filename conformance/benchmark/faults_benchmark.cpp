// What the fault tests cost: crash states, beside a loop that does nothing but fork, kill and wait; sweeps; schedules.
#include <benchmark/benchmark.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "conformance/execution/executor.h"
#include "conformance/exploration/checkpoint_runner.h"
#include "conformance/exploration/pair.h"
#include "conformance/exploration/trace_sweep.h"

namespace {

using namespace assay::conformance;
using std::chrono::seconds;

// A target and a folder of its own; the benchmark is skipped where it cannot be started.
class Stage {
 public:
  Stage(benchmark::State& state, const char* name) {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-benchmark-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      state.SkipWithError("no temporary folder");
      return;
    }
    folder_ = std::filesystem::canonical(pattern);
    auto made = make_target(name);
    if (!made) {
      state.SkipWithError(made.error().message.c_str());
      return;
    }
    target_ = std::move(*made);
  }
  ~Stage() {
    target_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  bool is_ready() const { return target_ != nullptr; }
  Target& target() { return *target_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Target> target_;
};

class StoredValueCrash final : public Scenario {
  using Scenario::Scenario;
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "1");
    ini("opcache.memory_consumption", "16");
    auto [victim, survivor] = workers<2>();
    survivor.get("k");
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("new", Value::list({1, "two"}));
    auto judge = survivor.request();
    expect(judge.set("after", 1), true);
    expect(judge.get("after"), 1);
    judge.get("new");
  }
};

class StoredScriptCrash final : public Scenario {
  using Scenario::Scenario;
  void steps() override {
    ini("opcache.memory_consumption", "16");
    ini("opcache.interned_strings_buffer", "1");
    ini("opcache.max_accelerated_files", "200");
    auto [victim, survivor] = workers<2>();
    write("@/small.php", returns("small"));
    write("@/other.php", returns("other"));
    survivor.include("@/other.php");
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.include("@/small.php");
    auto judge = survivor.request();
    expect(judge.include("@/small.php"), "small");
    expect(judge.include("@/other.php"), "other");
    judge.status(false);
  }
};

// On APCu who dies here holds up the others: each state of it is judged at the limit for hangs.
class FetchCrash final : public Scenario {
  using Scenario::Scenario;
  void steps() override {
    auto [victim, survivor] = workers<2>();
    survivor.set("k", 1);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.get("k");
    auto judge = survivor.request();
    judge.within(seconds(1));
    judge.set("k", 2);
  }
};

template <class CrashScenario>
void crash_states(benchmark::State& state, const char* target) {
  Stage stage(state, target);
  if (!stage.is_ready()) return;
  ExecutorOptions options;
  options.with_monitors = false;
  Executor executor(stage.target(), stage.folder(), options);
  const Trace trace = CrashScenario(stage.target().description()).build("benchmark", {});
  std::size_t judged = 0, failed = 0;
  for (auto _ : state) {
    const Execution execution = executor.run(trace);
    if (!execution.crashes) {
      state.SkipWithError(execution.reason.c_str());
      break;
    }
    judged += execution.crashes->judged;
    for (const CrashClass& of : execution.crashes->classes)
      if (of.verdict == Verdict::fail) failed += of.states.size();
    state.SetIterationTime(execution.crashes->judging.count() / 1000);
  }
  state.counters["states_per_s"] = benchmark::Counter(static_cast<double>(judged), benchmark::Counter::kIsRate);
  state.counters["states"] = static_cast<double>(judged) / static_cast<double>(state.iterations());
  state.counters["that_hang"] = static_cast<double>(failed) / static_cast<double>(state.iterations());
}
void CrashStatesReferenceStore(benchmark::State& state) {
  crash_states<StoredValueCrash>(state, "reference");
}
void CrashStatesReferenceScript(benchmark::State& state) {
  crash_states<StoredScriptCrash>(state, "reference");
}
void CrashStatesFpmScript(benchmark::State& state) {
  crash_states<StoredScriptCrash>(state, "php-fpm");
}
void CrashStatesApcuFetch(benchmark::State& state) {
  crash_states<FetchCrash>(state, "apcu");
}
BENCHMARK(CrashStatesReferenceStore)->UseManualTime();
BENCHMARK(CrashStatesReferenceScript)->UseManualTime();
BENCHMARK(CrashStatesFpmScript)->UseManualTime();
BENCHMARK(CrashStatesApcuFetch)->UseManualTime()->Iterations(3);

// What a real kill costs at least.
void ForkKillWait(benchmark::State& state) {
  for (auto _ : state) {
    const pid_t child = fork();
    if (child == 0)
      for (;;) pause();
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  state.counters["states_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(ForkKillWait)->UseRealTime();

class SweptTrace final : public Scenario {
  using Scenario::Scenario;
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set("k", "v"), true);
    expect(two.get("k"), "v");
    expect(two.remove_key("k"), true);
  }
};

void SweepRuns(benchmark::State& state) {
  Stage stage(state, "reference");
  if (!stage.is_ready()) return;
  const Trace trace = SweptTrace(stage.target().description()).build("benchmark", {});
  std::uint64_t runs = 0, fired = 0;
  for (auto _ : state) {
    const TestResult result = sweep_trace(stage.target(), stage.folder(), trace);
    if (result.verdict != Verdict::pass) state.SkipWithError(result.reason.c_str());
    runs += result.evidence.traces;
    fired += result.evidence.faults_fired;
  }
  state.counters["runs_per_s"] = benchmark::Counter(static_cast<double>(runs), benchmark::Counter::kIsRate);
  state.counters["fired"] = static_cast<double>(fired) / static_cast<double>(state.iterations());
}
BENCHMARK(SweepRuns)->UseRealTime();

class TwoStores final : public Pair {
 public:
  using Pair::Pair;

 private:
  void prepare() override { expect(helper().set("k", "first"), true); }
  void work(int worker, RequestBuilder& request) override {
    expect(request.set("k", worker == 0 ? "of a" : "of b"), true);
  }
  void verify() override { expect(helper().get("k"), one_of({"of a", "of b"})); }
};

// All schedules of two stores with one preemption.
class AllSchedules {
 public:
  explicit AllSchedules(Stage& stage) : runs_(stage.target(), stage.folder()), pair_(stage.target().description()) {}

  // How many there were. Empty where one of them failed.
  std::optional<std::uint64_t> run_all() {
    const Visits visits = {{"static/lock/acquire", 1},
                           {"static/lock/held", 1},
                           {"static/store/copy", 1},
                           {"static/store/publish", 1},
                           {"static/store/end", 1}};
    std::uint64_t schedules = 0;
    for (const Schedule& schedule : all_schedules(visits, visits, 1)) {
      if (runs_.run(interleave(pair_, schedule, "benchmark", {})).verdict == Verdict::fail) return std::nullopt;
      ++schedules;
    }
    return schedules;
  }
  std::size_t from_checkpoint() const { return runs_.from_checkpoint(); }

 private:
  CheckpointRunner runs_;
  TwoStores pair_;
};

void Schedules(benchmark::State& state) {
  Stage stage(state, "reference");
  if (!stage.is_ready()) return;
  AllSchedules all(stage);
  std::uint64_t schedules = 0;
  for (auto _ : state) {
    const auto done = all.run_all();
    if (!done) state.SkipWithError("a schedule failed");
    schedules += done.value_or(0);
  }
  state.counters["from_checkpoint"] = static_cast<double>(all.from_checkpoint()) / static_cast<double>(schedules);
  state.counters["schedules_per_s"] = benchmark::Counter(static_cast<double>(schedules), benchmark::Counter::kIsRate);
}
BENCHMARK(Schedules)->UseRealTime();

// A process that runs the schedules when it is told to, as the process of a test does.
class SchedulesProcess {
 public:
  explicit SchedulesProcess(benchmark::State& state) {
    if (pipe(go_) != 0 || pipe(done_) != 0) return;
    child_ = fork();
    if (child_ == 0) _exit(serve(state));
  }
  ~SchedulesProcess() {
    close(go_[1]);
    waitpid(child_, nullptr, 0);
  }
  void begin() const { (void)!write(go_[1], "g", 1); }
  std::uint64_t end() const {
    std::uint64_t schedules = 0;
    return read(done_[0], &schedules, sizeof schedules) == sizeof schedules ? schedules : 0;
  }

 private:
  int serve(benchmark::State& state) const {
    close(go_[1]);
    Stage stage(state, "reference");
    if (!stage.is_ready()) return 1;
    AllSchedules all(stage);
    char told = 0;
    while (read(go_[0], &told, 1) == 1) {
      const std::uint64_t schedules = all.run_all().value_or(0);
      if (write(done_[1], &schedules, sizeof schedules) != sizeof schedules) return 1;
    }
    return 0;
  }

  int go_[2] = {-1, -1}, done_[2] = {-1, -1};
  pid_t child_ = -1;
};

// As `assay run` does it: a test on each of two processors.
void SchedulesOnTwoProcessors(benchmark::State& state) {
  const SchedulesProcess one(state), two(state);
  std::uint64_t schedules = 0;
  for (auto _ : state) {
    one.begin();
    two.begin();
    const std::uint64_t of_one = one.end(), of_two = two.end();
    if (of_one == 0 || of_two == 0) state.SkipWithError("a schedule failed");
    schedules += of_one + of_two;
  }
  state.counters["schedules_per_s"] = benchmark::Counter(static_cast<double>(schedules), benchmark::Counter::kIsRate);
}
BENCHMARK(SchedulesOnTwoProcessors)->UseRealTime();

}  // namespace
