#pragma once

#include <filesystem>
#include <memory>

#include "conformance/adapter/target.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// What traces run on: a started runtime (or several side by side, where the configuration has several masters), in a
// sandbox of its own, with a control block whose clock stands at `clock_start`. The destructor stops the runtime and
// removes the folder.
class TestBed {
 public:
  // `folder` is made by the call. An error says why the target did not start, or what the folder lacks.
  static Expected<std::unique_ptr<TestBed>> start(Target& target, const Configuration& configuration,
                                                  std::filesystem::path folder);
  TestBed(const TestBed&) = delete;
  TestBed& operator=(const TestBed&) = delete;
  ~TestBed();

  Runtime& runtime() { return *runtime_; }
  const Sandbox& sandbox() const { return sandbox_; }
  points::ControlBlock& control() { return *control_; }

 private:
  explicit TestBed(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  Sandbox sandbox_;
  std::optional<points::ControlBlock> control_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace assay::conformance
