#pragma once

#include <memory>

#include "conformance/registry/test_case.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// A runtime in the hands of a test that looks at its processes: what the executor hides. Stopped by the destructor.
class LiveRuntime {
 public:
  // `folder` is made by the call.
  static Expected<std::unique_ptr<LiveRuntime>> start(Target& target, const std::filesystem::path& folder,
                                                      const Configuration& configuration) {
    Sandbox sandbox{folder / "tree", folder / "scratch", folder / "control"};
    std::filesystem::create_directories(sandbox.root);
    std::filesystem::create_directories(sandbox.scratch);
    sandbox.root = std::filesystem::canonical(sandbox.root);
    auto control = points::ControlBlock::create(sandbox.control.string());
    if (!control) return failure(control.error().message);
    control->set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
    auto runtime = ASSAY_TRY(target.start(configuration, sandbox));
    return std::unique_ptr<LiveRuntime>(new LiveRuntime(sandbox, std::move(*control), std::move(runtime)));
  }

  const Sandbox& sandbox() const { return sandbox_; }
  pid_t process(int worker) { return runtime_->worker(worker).process().value_or(-1); }

  // Whether there is a fresh worker in the place of one that died.
  bool replace(int worker) { return runtime_->replace(worker).has_value(); }

  // One request; its replies, or none when it did not complete.
  std::vector<Reply> request(int worker, const std::vector<Operation>& operations) {
    std::vector<Exchange> exchanges;
    for (const Operation& operation : operations) exchanges.push_back({operation, "", std::nullopt});
    auto outcome = runtime_->worker(worker).execute(exchanges, std::chrono::seconds(5));
    if (!outcome || outcome->kind != Outcome::Kind::completed) return {};
    return outcome->replies;
  }

 private:
  LiveRuntime(Sandbox sandbox, points::ControlBlock control, std::unique_ptr<Runtime> runtime)
      : sandbox_(std::move(sandbox)), control_(std::move(control)), runtime_(std::move(runtime)) {}

  Sandbox sandbox_;
  points::ControlBlock control_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace assay::conformance
