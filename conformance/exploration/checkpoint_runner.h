#pragma once

#include <filesystem>
#include <memory>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// Executes traces that have a prefix in common, many times as fast as each on a runtime of its own: what comes before
// the first armed fault is executed once, then each trace goes on from that checkpoint, on memory, clock and files that
// are restored.
//
// What a worker knows for itself (resolved paths, say) is not restored, so the last word is the executor's: a trace
// that does not pass here is executed once more, on a fresh runtime, and that is the answer. So is one that cannot go
// on from a checkpoint: where its rest does more than serve requests, write new files and move the clock, or the system
// does not let us reach the target's memory.
//
// One trace at a time. Leaves the folder empty.
class CheckpointRunner {
 public:
  // `folder` exists and belongs to this object alone.
  CheckpointRunner(Target& target, std::filesystem::path folder, ExecutorOptions options = {});
  ~CheckpointRunner();

  // Never fails, as the executor.
  Execution run(const Trace& trace);

  // How many were answered from a checkpoint.
  std::size_t from_checkpoint() const { return from_checkpoint_; }

 private:
  class Checkpoint;
  bool has_checkpoint_for(const Trace& trace, std::size_t prefix) const;
  void reach_checkpoint(const Trace& trace, std::size_t prefix);

  Target& target_;
  std::filesystem::path folder_;
  ExecutorOptions options_;
  Executor executor_;
  std::unique_ptr<Checkpoint> checkpoint_;
  int checkpoints_ = 0;
  std::size_t from_checkpoint_ = 0;
};

}  // namespace assay::conformance
