#pragma once

#include <memory>

#include "conformance/execution/test_bed.h"
#include "conformance/registry/registration.h"
#include "conformance/registry/verdict_of_error.h"
#include "faults/points/control_block.h"
#include "support/files/remove_tree.h"

namespace assay::conformance {

// A runtime in the hands of a test that looks at its processes: what the executor hides. Stopped by the destructor.
class LiveRuntime {
 public:
  // `folder` is made by the call. What the machine refuses is asked for again, as the executor does.
  static Expected<std::unique_ptr<LiveRuntime>> start(Target& target, const std::filesystem::path& folder,
                                                      const Configuration& configuration) {
    constexpr int kMostTries = 3;
    auto runtime = start_once(target, folder, configuration);
    for (int tries = 1; !runtime && runtime.error().kind == Error::Kind::refused && tries < kMostTries; ++tries) {
      remove_tree(folder);
      runtime = start_once(target, folder, configuration);
    }
    return runtime;
  }

  const Sandbox& sandbox() const { return stage_.sandbox; }
  pid_t process(int worker) { return runtime_->worker(worker).process().value_or(-1); }

  // Whether there is a fresh worker in the place of one that died.
  bool replace(int worker) { return runtime_->replace(worker).has_value(); }

  // One request, as it ended.
  Expected<Outcome> execute(int worker, const std::vector<Operation>& operations,
                            std::chrono::milliseconds limit = std::chrono::seconds(5)) {
    std::vector<Exchange> exchanges;
    for (const Operation& operation : operations) exchanges.push_back({operation, "", std::nullopt});
    return runtime_->worker(worker).execute(exchanges, limit);
  }

  // One request; its replies, or none when it did not complete.
  std::vector<Reply> request(int worker, const std::vector<Operation>& operations) {
    auto outcome = execute(worker, operations);
    if (!outcome || outcome->kind != Outcome::Kind::completed) return {};
    return outcome->replies;
  }

 private:
  static Expected<std::unique_ptr<LiveRuntime>> start_once(Target& target, const std::filesystem::path& folder,
                                                           const Configuration& configuration) {
    Stage stage = ASSAY_TRY(Stage::make(folder));
    auto runtime = ASSAY_TRY(target.start(configuration, stage.sandbox));
    return std::unique_ptr<LiveRuntime>(new LiveRuntime(std::move(stage), std::move(runtime)));
  }

  LiveRuntime(Stage stage, std::unique_ptr<Runtime> runtime) : stage_(std::move(stage)), runtime_(std::move(runtime)) {}

  Stage stage_;
  std::unique_ptr<Runtime> runtime_;
};

// Two pools of a worker each.
inline Configuration two_workers() {
  Configuration configuration;
  configuration.pools = {Pool{}, Pool{}};
  return configuration;
}

}  // namespace assay::conformance
