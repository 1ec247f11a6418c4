// Deaths between the system calls of a request: for what a request changes outside of shared memory (files, logs),
// which no image can put back. See docs/crash-explorer.md.
#include <fmt/format.h>

#include "conformance/execution/run.h"
#include "faults/crash/call_tracer.h"

namespace assay::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFollowedLimit{120'000};

}  // namespace

// With a state the worker is killed right before the call after so many, or, beyond the last one (their number differs
// by one or two from run to run), when it is idle again. Without one its calls are counted, its replies judged, and it
// dies when it is idle again.
bool Run::killed_at_call(std::size_t number, const Request& request) {
  Worker& worker = runtime_.worker(request.worker);
  std::optional<std::size_t> calls;
  if (explore_->argument("state").is_int()) calls = static_cast<std::size_t>(explore_->integer("state"));
  Expected<Outcome> outcome = failure("it was not sent");
  crash::CallRecording recording;
  {
    auto tracer = crash::CallTracer::attach(*worker.process());
    if (!tracer) return cannot(tracer.error());
    auto followed = (*tracer)->record([&] { outcome = worker.execute(request.exchanges, kFollowedLimit); }, calls);
    if (!followed) return cannot(followed.error());
    recording = std::move(*followed);
    (*tracer)->kill();
  }
  if (!outcome) return error(outcome.error().message);
  if (recording.end == crash::RequestEnd::kDied) return error("the worker died before it could be killed");
  if (!calls) {
    CrashSurvey survey;
    survey.stores = recording.calls.size();
    for (std::size_t i = 0; i < recording.calls.size(); ++i)
      survey.prefix_names[i] = crash::name_of_call(recording.calls[i]);
    execution_.crashes = std::move(survey);
    Request whole = request;
    whole.ends = "completed";
    if (!judge(number, whole, *outcome)) return false;
  }
  died(number, request);
  auto replaced = runtime_.replace(request.worker);
  return replaced || error(replaced.error().message);
}

}  // namespace assay::conformance
