// The crash states of a request: how a run follows its stores, and judges the rest of the trace after a death at each.
// See docs/crash-explorer.md.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/execution/run.h"
#include "faults/crash/idle.h"

namespace assay::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Followed store by store a request takes a hundred times as long.
constexpr milliseconds kFollowedLimit{120'000};
constexpr milliseconds kIdleLimit{5'000};
// Screening for hangs: this long, or so many times what the slowest request takes.
constexpr milliseconds kShortLimit{100};
constexpr int kSlowness = 20;

// Digits differ from state to state (bytes lost, counters), what is wrong does not.
std::string without_numbers(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || out.empty() || out.back() != '#') out += digit ? '#' : c;
  }
  return out;
}

std::string signature_of(const Execution& seen) {
  std::string text = fmt::format("{} {}", to_text(seen.verdict), without_numbers(seen.reason));
  for (const Violation& violation : seen.violations) text += " " + without_numbers(violation.message);
  if (seen.verdict != Verdict::pass) return text;
  for (const Observation& o : seen.observations) text += " " + without_numbers(to_text(o.reply));
  return text;
}

// At most `most` of them (0: all), evenly spread, the first and the last among them.
std::vector<crash::CrashState> spread(const std::vector<crash::CrashState>& states, std::size_t most) {
  if (most == 0 || states.size() <= most) return states;
  if (most == 1) return {states.front()};
  std::vector<crash::CrashState> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(states[i * (states.size() - 1) / (most - 1)]);
  return chosen;
}

// The first failure among the states is the one that the run reports.
void take_over(Execution& into, const Execution& seen, const std::string& where) {
  into.verdict = Verdict::fail;
  into.reason = where + ": " + seen.reason;
  into.failed_step = seen.failed_step;
  into.failed_exchange = seen.failed_exchange;
  into.expected = seen.expected;
  into.actual = seen.actual;
  into.failed_clause = seen.failed_clause;
  into.also_broken = seen.also_broken;
  into.violations = seen.violations;
}

// A hang is screened for at so many times what the slowest request of a sound run takes.
milliseconds short_limit(const Execution& sound) {
  std::chrono::nanoseconds slowest{0};
  for (const Observation& o : sound.observations) slowest = std::max(slowest, o.ended - o.began);
  return std::max(kShortLimit, std::chrono::ceil<milliseconds>(slowest) * kSlowness);
}

}  // namespace

// What is known about the memory once a request was followed.
struct Run::CrashScene {
  std::vector<crash::Segment> segments;  // as the victim had them mapped
  crash::StoreLog log;
  std::vector<crash::SegmentMemory> memory;
  std::vector<std::vector<std::size_t>> held;  // of each: the pages that some image has something in
  milliseconds logging{0};

  Expected<void> put(const std::vector<std::vector<std::byte>>& images) {
    for (std::size_t i = 0; i < memory.size(); ++i) {
      if (auto done = memory[i].restore(images[i], held[i]); !done) return failure(done.error().message);
    }
    return {};
  }
};

bool Run::cannot(const Error& why) {
  if (why.kind == Error::Kind::failed) return error("exploring crash states: " + why.message);
  execution_.verdict = Verdict::inconclusive;
  execution_.reason = "crash states cannot be explored here: " + why.message;
  return false;
}

bool Run::crash_request(std::size_t number, const Request& request) {
  const Action action = *std::exchange(explore_, std::nullopt);
  const auto pid = runtime_.worker(request.worker).process();
  if (!pid) return error(fmt::format("worker {} has no process that could be followed", request.worker));
  explore_ = action;  // log_stores and others read it
  if (action.text("by") == "call") return killed_at_call(number, request);
  CrashScene scene;
  auto segments = crash::shared_segments(*pid);
  if (!segments) return cannot(segments.error());
  // Where the temporary folder lies in memory, the suite's own control file looks like one.
  std::erase_if(*segments, [&](const crash::Segment& segment) { return segment.name == sandbox_.control; });
  if (segments->empty()) return cannot(refusal("the workers share no memory").value());
  scene.segments = std::move(*segments);
  const bool for_real = action.text("by") == "kill";
  if (!for_real && action.text("by") != "image")
    return error(fmt::format("explore_crash by \"{}\": \"image\", \"kill\" and \"call\" are known", action.text("by")));
  if (!action.argument("state").is_int()) {
    if (for_real) return error("explore_crash by \"kill\" needs a state");
    return log_stores(number, request, scene) && survey(number, request, scene);
  }
  const auto stores = static_cast<std::size_t>(action.integer("state"));
  if (!for_real) return log_stores(number, request, scene) && one_image(number, request, scene, stores);
  auto tracer = crash::StoreTracer::attach(*pid, scene.segments);
  if (!tracer) return cannot(tracer.error());
  return killed_for_real(number, request, **tracer);
}

// Follows the request, judges its replies, and ends the worker as if it had died after it.
bool Run::log_stores(std::size_t number, const Request& request, CrashScene& scene) {
  Worker& worker = runtime_.worker(request.worker);
  Expected<Outcome> outcome = failure("it was not sent");
  {
    auto tracer = crash::StoreTracer::attach(*worker.process(), scene.segments);
    if (!tracer) return cannot(tracer.error());
    const auto began = steady_clock::now();
    auto recording = (*tracer)->record([&] { outcome = worker.execute(request.exchanges, kFollowedLimit); });
    scene.logging = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
    if (!recording) return cannot(recording.error());
    (*tracer)->kill();
    scene.log = std::move(recording->log);
  }
  if (!outcome) return error(outcome.error().message);
  Request whole = request;
  whole.ends = "completed";
  if (!judge(number, whole, *outcome)) return false;
  if (auto replaced = runtime_.replace(request.worker); !replaced) return error(replaced.error().message);

  const auto pid = runtime_.worker(request.worker).process();
  for (const crash::Segment& segment : scene.segments) {
    auto memory = crash::SegmentMemory::open(*pid, segment);
    if (!memory) return cannot(memory.error());
    scene.held.push_back(memory->touched_pages());
    scene.memory.push_back(std::move(*memory));
  }
  return true;
}

// Whether the state that the action names can be had; if it may be another than the one that was found, that is noted.
// `whole`: the log goes to the request's end.
bool Run::is_named_state(const crash::StoreLog& log, std::size_t stores, bool whole) {
  const auto of = static_cast<std::size_t>(explore_->integer("of"));
  const std::string& name = explore_->text("log");
  if (log.stores.size() < stores) {
    execution_.verdict = Verdict::inconclusive;
    execution_.reason =
        fmt::format("there is no state {}: this time the request makes only {} stores", stores, log.stores.size());
    return false;
  }
  if (whole && of != 0 && log.stores.size() != of)
    other_state_ = fmt::format("when it was found the request made {} stores, this time {}", of, log.stores.size());
  if (!name.empty() && log.hash(stores) != name)
    other_state_ = fmt::format("when it was found other instructions made the first {} stores (log {}, this time {})",
                               stores, name, log.hash(stores));
  return true;
}

// The last word on a run in which a worker died: what was held against it, and whether it was the state that was meant.
void Run::close_crash() {
  if (execution_.verdict == Verdict::fail && mismatches_.size() > 1) {
    execution_.reason.clear();
    for (const auto& [clause, what] : mismatches_)
      execution_.reason +=
          fmt::format("{}{}{}", execution_.reason.empty() ? "" : "; ", clause.empty() ? "" : clause + " at ", what);
  }
  if (other_state_.empty()) return;
  const std::string note = fmt::format("state {} may be another one: {}", state_, other_state_);
  if (execution_.verdict == Verdict::pass) execution_.verdict = Verdict::inconclusive;
  execution_.reason += (execution_.reason.empty() ? "" : " (") + note + (execution_.reason.empty() ? "" : ")");
}

// The request as others know it: sent, never answered.
void Run::died(std::size_t number, const Request& request) {
  Outcome outcome;
  outcome.kind = Outcome::Kind::died;
  outcome.replies.assign(request.exchanges.size(), Reply::not_run());
  outcome.began = outcome.ended = steady_clock::now();
  collected(number, request, outcome, now_);
  state_ = explore_->argument("state").is_int() ? explore_->integer("state") : 0;
  explore_.reset();
  after_crash_ = true;
  ++execution_.evidence.crash_states;
}

bool Run::killed_for_real(std::size_t number, const Request& request, crash::StoreTracer& tracer) {
  const auto stores = static_cast<std::size_t>(explore_->integer("state"));
  Worker& worker = runtime_.worker(request.worker);
  Expected<Outcome> outcome = failure("it was not sent");
  auto recording = tracer.record([&] { outcome = worker.execute(request.exchanges, kFollowedLimit); }, stores);
  if (!recording) return cannot(recording.error());
  if (!outcome) return error(outcome.error().message);
  if (recording->end == crash::RequestEnd::kDied) return error("the worker died before it could be killed");
  if (!is_named_state(recording->log, stores, false)) return false;
  died(number, request);
  auto replaced = runtime_.replace(request.worker);
  return replaced || error(replaced.error().message);
}

bool Run::one_image(std::size_t number, const Request& request, CrashScene& scene, std::size_t stores) {
  if (!is_named_state(scene.log, stores, true)) return false;
  if (auto put = scene.put(crash::ImageWalk(scene.log).at(stores)); !put) return error(put.error().message);
  died(number, request);
  return true;
}

// The rest of the trace on the memory as it is, by a run of its own that knows what happened before.
Execution Run::judge_crash(std::size_t number, milliseconds limit) {
  Execution seen;
  MonitorSet monitors = options_.with_monitors ? options_.make_monitors() : MonitorSet();
  monitors.begin(trace_.configuration);
  ExecutorOptions options = options_;
  options.longest_request = limit;
  Run rest(trace_, runtime_, sandbox_, control_, options, monitors, seen);
  rest.know(*this);
  rest.after_crash_ = true;
  rest.steps_from(number + 1);
  finish_monitors(monitors, seen);
  return seen;
}

// All workers are idle afterwards; those that hang, died or answer nonsense are replaced, with sound memory in place.
Expected<void> Run::recover_workers(CrashScene& scene, const Execution& seen) {
  std::set<int> broken;
  for (const Observation& o : seen.observations) {
    const bool sound = o.outcome == Outcome::Kind::completed || o.outcome == Outcome::Kind::aborted;
    if (!sound) broken.insert(o.worker);
  }
  const int workers = trace_.configuration.worker_count();
  for (int worker = 0; worker < workers; ++worker) {
    if (broken.contains(worker)) continue;
    const auto pid = runtime_.worker(worker).process();
    const auto idle = pid ? crash::wait_until_idle(*pid, kIdleLimit) : Expected<bool>(false);
    if (!idle || !*idle) broken.insert(worker);
  }
  if (broken.empty()) return {};
  if (auto put = scene.put(scene.log.base); !put) return put;
  for (const int worker : broken) {
    if (auto replaced = runtime_.replace(worker); !replaced) return replaced;
  }
  for (crash::SegmentMemory& memory : scene.memory) {
    if (!memory.is_remote()) continue;
    const auto pid = runtime_.worker(*broken.begin()).process();
    if (pid) memory.reach_through(*pid);
  }
  return {};
}

// Screening: every state once, in place, by survivors that stay alive. What is found here is not confirmed yet.
bool Run::survey(std::size_t number, const Request& request, CrashScene& scene) {
  for (std::size_t i = number + 1; i < trace_.steps.size(); ++i) {
    const auto* later = std::get_if<Request>(&trace_.steps[i]);
    if (!later || !later->background.empty())
      return error("after a request whose crash states are explored only requests in the foreground may follow");
  }
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(0, explore_->integer("most")));
  const auto states = crash::distinct_states(scene.log);
  CrashSurvey survey;
  survey.stores = scene.log.stores.size();
  survey.silent = static_cast<std::size_t>(
      std::count_if(scene.log.stores.begin(), scene.log.stores.end(), [](const auto& s) { return s.after.empty(); }));
  survey.distinct = states.size();
  survey.logging = scene.logging;
  died(number, request);
  --execution_.evidence.crash_states;

  const auto began = steady_clock::now();
  std::map<std::string, std::size_t> known;
  crash::ImageWalk walk(scene.log);
  milliseconds limit{0};  // of the first one, which is as if the request had never been: the trace's own
  for (const crash::CrashState& state : spread(states, most)) {
    if (auto put = scene.put(walk.at(state.stores)); !put) return error(put.error().message);
    const Execution seen = judge_crash(number, limit);
    if (seen.verdict == Verdict::error || seen.verdict == Verdict::skip) {
      execution_.verdict = seen.verdict;
      execution_.reason = seen.reason;
      return false;
    }
    if (auto well = recover_workers(scene, seen); !well) return error(well.error().message);
    execution_.evidence += seen.evidence;
    ++execution_.evidence.crash_states;
    ++survey.judged;
    if (limit.count() == 0) limit = short_limit(seen);
    const auto [place, fresh] = known.try_emplace(signature_of(seen), survey.classes.size());
    if (fresh) {
      survey.classes.push_back({{}, 0, seen.verdict, seen.reason});
      for (const auto& [clause, holds] : seen.monitored) {
        auto [monitored, first] = execution_.monitored.try_emplace(clause, holds);
        monitored->second = monitored->second && holds;
      }
      if (seen.verdict == Verdict::fail && execution_.verdict == Verdict::pass)
        take_over(execution_, seen, fmt::format("state {} of {}", state.stores, survey.stores));
    }
    CrashClass& of = survey.classes[place->second];
    if (fresh) survey.prefix_names[state.stores] = scene.log.hash(state.stores);
    of.states.push_back(state.stores);
    of.deaths += state.alike;
  }
  after_crash_ = false;  // judged already
  survey.judging = steady_clock::now() - began;
  execution_.crashes = std::move(survey);
  return false;  // the rest of the trace has been judged
}

}  // namespace assay::conformance
