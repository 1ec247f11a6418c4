#include "conformance/execution/crash_session.h"

#include <fmt/format.h>

#include <algorithm>

#include "faults/crash/call_tracer.h"
#include "faults/crash/store_tracer.h"

namespace assay::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Followed store by store a request takes a hundred times as long.
constexpr milliseconds followed_limit{120'000};

Error cannot_explore(const Error& why) {
  const char* what =
      why.kind == Error::Kind::failed ? "exploring crash states" : "crash states cannot be explored here";
  return {fmt::format("{}: {}", what, why.message), why.code, why.kind};
}

template <class T>
Expected<T> exploring(Expected<T> result) {
  return std::move(result).map_error(cannot_explore);
}

}  // namespace

CrashSession::CrashSession(const Action& explore, TestBed& bed, int workers)
    : explore_(&explore), bed_(&bed), workers_(workers) {
  if (explore.argument("state").is_int()) state_ = static_cast<std::size_t>(explore.integer("state"));
}

Expected<std::optional<Outcome>> CrashSession::follow(const Request& request) {
  const std::string& by = explore_->text("by");
  const auto pid = bed_->runtime().worker(worker()).process();
  if (!pid) return failure(fmt::format("worker {} has no process that could be followed", worker()));
  if (by == "call") return follow_calls(request);
  if (by != "image" && by != "kill")
    return failure(fmt::format("explore_crash by \"{}\": \"image\", \"kill\" and \"call\" are known", by));
  if (by == "kill" && !state_) return failure("explore_crash by \"kill\" needs a state");

  auto segments = ASSAY_TRY(exploring(crash::shared_segments(*pid)));
  // Where the temporary folder lies in memory, the suite's own control file looks like one.
  std::erase_if(segments, [&](const crash::Segment& segment) { return segment.name == bed_->sandbox().control; });
  shares_memory_ = !segments.empty();
  if (!shares_memory_) return failure("the workers share no memory that a death could leave half written");
  if (by == "image") return follow_stores(request, std::move(segments));
  ASSAY_TRY(kill_at_store(request, segments));
  return std::nullopt;
}

// Lets the request end, and then the worker, as if it had crashed after it.
Expected<std::optional<Outcome>> CrashSession::follow_stores(const Request& request,
                                                             std::vector<crash::Segment> segments) {
  Worker& worker = bed_->runtime().worker(request.worker);
  Expected<Outcome> outcome = failure("it was not sent");
  auto tracer = ASSAY_TRY(exploring(crash::StoreTracer::attach(*worker.process(), segments)));
  const auto began = steady_clock::now();
  auto recording = tracer->record([&] { outcome = worker.execute(request.exchanges, followed_limit); });
  logging_ = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
  if (!recording) return tl::unexpected(cannot_explore(recording.error()));
  tracer->kill();
  images_ = std::make_unique<CrashImages>(std::move(segments), std::move(recording->log));
  return ASSAY_TRY(std::move(outcome));
}

Expected<void> CrashSession::kill_at_store(const Request& request, const std::vector<crash::Segment>& segments) {
  Worker& worker = bed_->runtime().worker(request.worker);
  Expected<Outcome> outcome = failure("it was not sent");
  auto tracer = ASSAY_TRY(exploring(crash::StoreTracer::attach(*worker.process(), segments)));
  const auto recording = ASSAY_TRY(
      exploring(tracer->record([&] { outcome = worker.execute(request.exchanges, followed_limit); }, state_)));
  ASSAY_TRY(std::move(outcome));
  if (recording.end == crash::RequestEnd::died) return failure("the worker died before it could be killed");
  return check_state(recording.log, false);
}

// What a request changes outside of shared memory (files, logs) no image can put back. With a state the worker is
// killed right before the call after so many, or, beyond the last one (their number differs by one or two from run to
// run), when it is idle again. Without one its calls are counted, and it ends when it is idle again.
Expected<std::optional<Outcome>> CrashSession::follow_calls(const Request& request) {
  Worker& worker = bed_->runtime().worker(request.worker);
  Expected<Outcome> outcome = failure("it was not sent");
  auto tracer = ASSAY_TRY(exploring(crash::CallTracer::attach(*worker.process())));
  const auto recording = ASSAY_TRY(
      exploring(tracer->record([&] { outcome = worker.execute(request.exchanges, followed_limit); }, state_)));
  tracer->kill();
  const Outcome ended = ASSAY_TRY(std::move(outcome));
  if (recording.end == crash::RequestEnd::died) return failure("the worker died before it could be killed");
  if (state_) return std::nullopt;
  calls_.emplace();
  calls_->stores = recording.calls.size();
  for (std::size_t i = 0; i < recording.calls.size(); ++i)
    calls_->prefix_names[i] = crash::name_of_call(recording.calls[i]);
  return ended;
}

Expected<void> CrashSession::settle() {
  Runtime& runtime = bed_->runtime();
  ASSAY_TRY(runtime.replace(worker()));
  if (!images_) return {};
  const auto pid = runtime.worker(worker()).process();
  if (!pid) return failure(fmt::format("worker {} has no process after it was replaced", worker()));
  ASSAY_TRY(exploring(images_->open(*pid)));
  if (!state_) return {};
  ASSAY_TRY(check_state(images_->log(), true));
  return images_->put(*state_);
}

// Whether the named state can be had; if it may be another than the one that was found, that is noted. `whole`: the log
// goes to the request's end.
Expected<void> CrashSession::check_state(const crash::StoreLog& log, bool whole) {
  const auto of = static_cast<std::size_t>(explore_->integer("of"));
  const std::string& name = explore_->text("log");
  if (log.stores.size() < *state_)
    return refusal(
        fmt::format("there is no state {}: this time the request makes only {} stores", *state_, log.stores.size()));
  if (whole && of != 0 && log.stores.size() != of)
    other_ = fmt::format("when it was found the request made {} stores, this time {}", of, log.stores.size());
  if (!name.empty() && log.hash(*state_) != name)
    other_ = fmt::format("when it was found other instructions made the first {} stores (log {}, this time {})",
                         *state_, name, log.hash(*state_));
  return {};
}

std::string CrashSession::doubt() const {
  return other_.empty() ? "" : fmt::format("state {} may be another one: {}", *state_, other_);
}

Expected<void> CrashSession::survey(const RestOfTrace& rest, Execution& into) {
  CrashSurvey survey;
  survey.logging = logging_;
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, explore_->integer("most")));
  return survey_states(*images_, bed_->runtime(), workers_, most, rest, std::move(survey), into);
}

}  // namespace assay::conformance
