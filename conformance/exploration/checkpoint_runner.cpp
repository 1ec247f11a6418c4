#include "conformance/exploration/checkpoint_runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/execution/several_masters.h"
#include "conformance/execution/trace_runner.h"
#include "faults/crash/idle.h"
#include "faults/crash/segment_snapshot.h"
#include "support/proc/cpu_pin.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kIdleLimit{1000};

const Action* action_at(const Step& step) {
  return std::get_if<Action>(&step);
}

// How many steps come before the first armed fault.
std::size_t prefix_of(const Trace& trace) {
  const auto armed = std::find_if(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    return action_at(step) && action_at(step)->kind() == ActionKind::arm;
  });
  return static_cast<std::size_t>(armed - trace.steps.begin());
}

// Whether what the action does can be undone.
bool can_be_restored(const Action& action) {
  switch (action.kind()) {
    case ActionKind::write:
    case ActionKind::advance_clock:
    case ActionKind::await:
    case ActionKind::arm:
    case ActionKind::disarm:
    case ActionKind::wait_until_blocked:
    case ActionKind::unpause:
      return true;
    default:
      return false;
  }
}

bool can_go_on_from(const Trace& trace, std::size_t prefix) {
  if (prefix == trace.steps.size() || has_several_masters(trace.configuration)) return false;
  return std::all_of(trace.steps.begin() + static_cast<std::ptrdiff_t>(prefix), trace.steps.end(),
                     [](const Step& step) { return !action_at(step) || can_be_restored(*action_at(step)); });
}

Trace first_steps(const Trace& trace, std::size_t steps) {
  Trace first;
  first.configuration = trace.configuration;
  first.steps.assign(trace.steps.begin(), trace.steps.begin() + static_cast<std::ptrdiff_t>(steps));
  return first;
}

}  // namespace

// A runtime on which a prefix was executed, and what it was like then.
class CheckpointRunner::Checkpoint {
 public:
  static std::unique_ptr<Checkpoint> reach(Target& target, const fs::path& folder, const ExecutorOptions& options,
                                           Trace prefix) {
    std::unique_ptr<Checkpoint> checkpoint(new Checkpoint(options, std::move(prefix)));
    return checkpoint->execute(target, folder) ? std::move(checkpoint) : nullptr;
  }

  bool is_prefix_of(const Trace& trace, std::size_t steps) const {
    return steps == prefix_.steps.size() && trace.configuration == prefix_.configuration &&
           std::equal(prefix_.steps.begin(), prefix_.steps.end(), trace.steps.begin());
  }

  Execution run_rest(const Trace& trace) {
    return TraceRunner(trace, *bed_, options_, *known_).run_rest(prefix_.steps.size());
  }

  // Whether all is again as it was after the prefix.
  bool restore(const Trace& trace) {
    if (!all_idle()) return false;
    for (crash::SegmentSnapshot& segment : segments_) {
      if (!segment.put_back()) return false;
    }
    for (std::size_t i = prefix_.steps.size(); i < trace.steps.size(); ++i) {
      const Action* action = action_at(trace.steps[i]);
      if (action && action->kind() == ActionKind::write && !remove_written(action->text("path"))) return false;
    }
    bed_->control().reset();
    bed_->control().set_clock(realtime_, monotonic_);
    return true;
  }

  // A file of the prefix that is written anew could not be restored.
  bool writes_only_new_files(const Trace& trace) const {
    const World world(bed_->sandbox().root);
    return std::none_of(trace.steps.begin() + static_cast<std::ptrdiff_t>(prefix_.steps.size()), trace.steps.end(),
                        [&](const Step& step) {
                          const Action* action = action_at(step);
                          return action && action->kind() == ActionKind::write && world.has(action->text("path"));
                        });
  }

 private:
  Checkpoint(const ExecutorOptions& options, Trace prefix) : options_(options), prefix_(std::move(prefix)) {}

  bool execute(Target& target, const fs::path& folder) {
    auto bed = TestBed::start(target, prefix_, folder);
    if (!bed) return false;
    bed_ = std::move(*bed);
    known_ = TraceRunner(prefix_, *bed_, options_).run_prefix();
    if (!known_) return false;
    if (!watch_workers() || !all_idle() || !remember_memory()) return false;
    realtime_ = bed_->control().realtime();
    monotonic_ = bed_->control().monotonic();
    bed_->control().reset();
    return true;
  }

  bool remember_memory() {
    const auto pid = bed_->runtime().worker(0).process();
    auto segments = crash::shared_segments(*pid);
    if (!segments) return false;
    for (const crash::Segment& segment : *segments) {
      if (segment.name == bed_->sandbox().control) continue;
      auto memory = crash::SegmentMemory::open(*pid, segment);
      if (!memory) return false;
      auto snapshot = crash::SegmentSnapshot::take(std::move(*memory));
      if (!snapshot) return false;
      segments_.push_back(std::move(*snapshot));
    }
    return !segments_.empty();
  }

  bool watch_workers() {
    for (int worker = 0; worker < prefix_.configuration.worker_count(); ++worker) {
      const auto pid = bed_->runtime().worker(worker).process();
      if (!pid) return false;
      auto watch = crash::IdleWatch::on(*pid);
      if (!watch) return false;
      workers_.push_back(std::move(*watch));
    }
    return true;
  }

  // The same processes as then: what another one knows by itself is not what they knew.
  bool all_idle() {
    for (std::size_t number = 0; number < workers_.size(); ++number) {
      const Worker& worker = bed_->runtime().worker(static_cast<int>(number));
      if (worker.process() != workers_[number].pid()) return false;
      if (worker.idle_after_reply()) continue;
      const auto idle = workers_[number].wait(kIdleLimit);
      if (!idle || !*idle) return false;
    }
    return true;
  }

  bool remove_written(const std::string& path) { return World(bed_->sandbox().root).remove(path).has_value(); }

  CpuPin pin_;  // the workers of a schedule take turns
  ExecutorOptions options_;
  Trace prefix_;
  std::unique_ptr<TestBed> bed_;
  std::optional<Knowledge> known_;  // what the prefix taught
  std::vector<crash::IdleWatch> workers_;
  std::vector<crash::SegmentSnapshot> segments_;
  std::chrono::nanoseconds realtime_{0}, monotonic_{0};
};

CheckpointRunner::CheckpointRunner(Target& target, fs::path folder, ExecutorOptions options)
    : target_(target), folder_(std::move(folder)), options_(std::move(options)), executor_(target, folder_, options_) {
  options_.in_turns = true;
  options_.make_monitors = [&target] { return MonitorSet(all_monitors(target.description())); };
}

CheckpointRunner::~CheckpointRunner() = default;

bool CheckpointRunner::has_checkpoint_for(const Trace& trace, std::size_t prefix) const {
  return checkpoint_ && checkpoint_->is_prefix_of(trace, prefix);
}

void CheckpointRunner::reach_checkpoint(const Trace& trace, std::size_t prefix) {
  checkpoint_.reset();
  checkpoint_ = Checkpoint::reach(target_, folder_ / fmt::format("checkpoint{}", ++checkpoints_), options_,
                                  first_steps(trace, prefix));
}

Execution CheckpointRunner::run(const Trace& trace) {
  const std::size_t prefix = prefix_of(trace);
  if (!can_go_on_from(trace, prefix)) return executor_.run(trace);
  if (!has_checkpoint_for(trace, prefix)) reach_checkpoint(trace, prefix);
  if (!checkpoint_ || !checkpoint_->writes_only_new_files(trace)) return executor_.run(trace);
  Execution execution = checkpoint_->run_rest(trace);
  const bool was_absent = execution.verdict == Verdict::inconclusive && !execution.was_refused;
  const bool is_sound = execution.verdict == Verdict::pass || was_absent;
  if (!is_sound || !checkpoint_->restore(trace)) checkpoint_.reset();
  if (!is_sound) return executor_.run(trace);
  ++from_checkpoint_;
  return execution;
}

}  // namespace assay::conformance
