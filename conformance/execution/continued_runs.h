#pragma once

#include <filesystem>
#include <memory>

#include "conformance/execution/executor.h"

namespace assay::conformance {

// Executes traces that begin alike, many times as fast as each on a runtime of its own: what comes before the first
// armed fault is done once, then each trace goes on from there, on memory, clock and files put back to what they were.
//
// What a worker knows for itself (resolved paths, say) stays, so the last word is the executor's: a trace that does not
// pass here is executed once more, on a fresh runtime, and that is the answer. So is one that cannot be continued:
// where its rest does more than serve requests, write new files and move the clock, or the system does not let us reach
// the target's memory.
//
// One trace at a time. Leaves the folder empty.
class ContinuedRuns {
 public:
  // `folder` exists and belongs to this object alone.
  ContinuedRuns(Target& target, std::filesystem::path folder, ExecutorOptions options = {});
  ~ContinuedRuns();

  // Never fails, as the executor.
  Execution run(const Trace& trace);

  // How many were answered without a runtime of their own.
  std::size_t continued() const { return continued_; }

 private:
  class Scene;
  bool has_scene_for(const Trace& trace, std::size_t beginning) const;
  void set_scene(const Trace& trace, std::size_t beginning);

  Target& target_;
  std::filesystem::path folder_;
  ExecutorOptions options_;
  Executor executor_;
  std::unique_ptr<Scene> scene_;
  int scenes_ = 0;
  std::size_t continued_ = 0;
};

}  // namespace assay::conformance
