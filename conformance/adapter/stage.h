#pragma once

#include <filesystem>
#include <utility>

#include "conformance/adapter/target.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// What a runtime is started in: a sandbox of its own, and the control block whose clock stands at `clock_start`. The
// folder is whose caller made it up; nothing is removed.
struct Stage {
  Sandbox sandbox;
  points::ControlBlock control;

  // Makes `folder` and what belongs in it. An error says what the folder lacks.
  static Expected<Stage> make(const std::filesystem::path& folder);
};

// A stage in the temporary folder, for a look at a target outside of any test: an adapter's self-check, a benchmark. The
// destructor removes it.
class TemporaryStage {
 public:
  static Expected<TemporaryStage> make();
  TemporaryStage(TemporaryStage&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), stage_(std::move(other.stage_)) {}
  TemporaryStage& operator=(TemporaryStage&&) = delete;
  ~TemporaryStage();

  const Sandbox& sandbox() const { return stage_.sandbox; }

 private:
  TemporaryStage(std::filesystem::path folder, Stage stage) : folder_(std::move(folder)), stage_(std::move(stage)) {}

  std::filesystem::path folder_;
  Stage stage_;
};

}  // namespace assay::conformance
