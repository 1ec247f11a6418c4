// The reference behind the process protocol: the same tests have to give the same verdicts as when it is asked directly.
#include <sys/prctl.h>
#include <unistd.h>

#include "conformance/adapters/process/adapter_server.h"
#include "conformance/adapters/reference/reference_target.h"
#include "conformance/adapters/reference/worker_start.h"
#include "conformance/tests/programs/served_reference.h"
#include "faults/points/worker.h"

namespace assay::conformance {
namespace {

class ReferenceCache final : public process::ServedCache {
 public:
  Expected<process::Greeting> greeting() override {
    const auto target = ASSAY_TRY(reference_target_kind().make({}));
    process::Greeting greeting;
    greeting.description = target->description();
    // Its workers are the adapter server's, all in one place and one partition.
    for (const char* feature : {"workers.recycled", "workers.users", "workers.roots", "static_cache.partitions",
                                "static_cache.startup_failure"})
      greeting.description.features.erase(feature);
    return greeting;
  }

  Expected<void> start(const Configuration& configuration, const Sandbox& sandbox) override {
    served_.reset();
    served_ = ASSAY_TRY(ServedReference::start(configuration, sandbox));
    return {};
  }

  Expected<void> enter(int worker) override {
    begin_worker_process(::getppid(), served_->sandbox(), {});
    points::set_worker(worker);
    served_->enter(worker);
    return {};
  }

  Expected<std::vector<Reply>> serve(std::span<const Operation> operations) override {
    auto replies = served_->session().serve(operations);
    points::wake_waiters();
    return replies;
  }

 private:
  std::unique_ptr<ServedReference> served_;
};

}  // namespace
}  // namespace assay::conformance

int main() {
  assay::conformance::ReferenceCache cache;
  return assay::conformance::process::serve_over_standard_streams(cache);
}
