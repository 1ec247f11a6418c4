#pragma once

#include "conformance/adapter/target.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// A temporary sandbox, with a control block whose clock stands at clock_start, in which an adapter finds out before any test
// whether its target works. The destructor removes it.
class CheckStage {
 public:
  static Expected<CheckStage> make();
  CheckStage(CheckStage&& other) noexcept
      : sandbox(std::move(other.sandbox)), folder_(std::exchange(other.folder_, {})) {}
  CheckStage& operator=(CheckStage&&) = delete;
  ~CheckStage();

  Sandbox sandbox;

 private:
  CheckStage() = default;
  std::filesystem::path folder_;
};

}  // namespace assay::conformance
