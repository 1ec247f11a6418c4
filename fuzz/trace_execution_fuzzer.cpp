// A trace that somebody else wrote is executed on the reference, in this process: nothing crashes or hangs, and nothing
// outside of its sandbox changes but by the target itself, where the trace leads it out.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "conformance/execution/check_trace.h"
#include "conformance/execution/executor.h"
#include "conformance/vocabulary/trace_paths.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/in_process_target.h"
#include "fuzz/common/leads_out.h"
#include "fuzz/common/private_world.h"

namespace {

using namespace assay;
using namespace assay::conformance;
using fuzz::demand;
using fuzz::PrivateWorld;

// The lowest free descriptor: it grows by what was left open.
int lowest_descriptor() {
  const int lowest = ::open("/", O_PATH | O_CLOEXEC);
  ::close(lowest);
  return lowest;
}

class Run {
 public:
  explicit Run(const Trace& trace) : trace_(trace), may_lead_out_(fuzz::may_lead_out(trace)) {}

  void execute() {
    PrivateWorld& world = PrivateWorld::of_process();
    if (may_lead_out_ && !world.is_confined()) return;
    before_ = world.look();
    const int descriptors = lowest_descriptor();
    const auto target = fuzz::make_in_process_target({[this] { suite_was_here(); }, [this] { target_was_here(); }});
    if (!fuzz::can_run_in_process(trace_, target->description())) return;
    (void)Executor(*target, world.run_folder()).run(trace_);
    // The target may have given a file outside a name inside, which is gone with the sandbox.
    if (!was_led_out_) suite_was_here();
    demand(std::filesystem::is_empty(world.run_folder()), "a run leaves no file", world.run_folder());
    demand(lowest_descriptor() == descriptors, "a run leaves no descriptor open");
    if (was_led_out_) world.lay_canary();
  }

 private:
  void suite_was_here() {
    const std::string difference = before_.difference(PrivateWorld::of_process().look());
    demand(difference.empty(), "the suite changes nothing outside of the sandbox", difference);
  }

  void target_was_here() {
    auto after = PrivateWorld::of_process().look();
    const std::string difference = before_.difference(after);
    if (difference.empty()) return;
    demand(may_lead_out_, "a trace without a way out changes nothing outside of the sandbox", difference);
    was_led_out_ = true;
    before_ = std::move(after);
  }

  const Trace& trace_;
  const bool may_lead_out_;
  bool was_led_out_ = false;
  PrivateWorld::State before_;
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto trace = trace_from_json_lines(fuzz::text_of(data, size), "input");
  if (!trace || !check_trace(*trace, "input") || !check_paths(*trace, "input", false)) return 0;
  Run(*trace).execute();
  return 0;
}
