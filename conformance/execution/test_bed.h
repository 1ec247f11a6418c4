#pragma once

#include <filesystem>
#include <memory>

#include "conformance/adapter/stage.h"

namespace assay::conformance {

// What traces run on: a started runtime (or several side by side, where the configuration has several masters), in a
// stage of its own. The destructor stops the runtime and removes the folder.
//
// For a trace that has the action `start` there is a stage at first, and no runtime before start_runtime().
class TestBed {
 public:
  // `folder` is made by the call. An error says why the target did not start, or what the folder lacks.
  static Expected<std::unique_ptr<TestBed>> start(Target& target, const Configuration& configuration,
                                                  std::filesystem::path folder);
  // For that trace; the target outlives this.
  static Expected<std::unique_ptr<TestBed>> start(Target& target, const Trace& trace, std::filesystem::path folder);
  TestBed(const TestBed&) = delete;
  TestBed& operator=(const TestBed&) = delete;
  ~TestBed();

  // REQUIRES: has_runtime() is false. An error says why the target did not start; of the code ended_while_starting where
  // it ended by itself.
  Expected<void> start_runtime();
  bool has_runtime() const { return runtime_ != nullptr; }
  // REQUIRES: has_runtime().
  Runtime& runtime() { return *runtime_; }
  const Sandbox& sandbox() const { return stage_->sandbox; }
  points::ControlBlock& control() { return stage_->control; }

 private:
  TestBed(Target& target, Configuration configuration, std::filesystem::path folder)
      : target_(target), configuration_(std::move(configuration)), folder_(std::move(folder)) {}
  static Expected<std::unique_ptr<TestBed>> stage(Target& target, const Configuration& configuration,
                                                  std::filesystem::path folder);

  Target& target_;
  const Configuration configuration_;
  std::filesystem::path folder_;
  std::optional<Stage> stage_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace assay::conformance
