#pragma once

#include <filesystem>
#include <memory>

#include "conformance/adapter/stage.h"

namespace assay::conformance {

// What traces run on: a started runtime (or several side by side, where the configuration has several masters), in a
// stage of its own. The destructor stops the runtime and removes the folder.
class TestBed {
 public:
  // `folder` is made by the call. An error says why the target did not start, or what the folder lacks.
  static Expected<std::unique_ptr<TestBed>> start(Target& target, const Configuration& configuration,
                                                  std::filesystem::path folder);
  TestBed(const TestBed&) = delete;
  TestBed& operator=(const TestBed&) = delete;
  ~TestBed();

  Runtime& runtime() { return *runtime_; }
  const Sandbox& sandbox() const { return stage_->sandbox; }
  points::ControlBlock& control() { return stage_->control; }

 private:
  explicit TestBed(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  std::optional<Stage> stage_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace assay::conformance
