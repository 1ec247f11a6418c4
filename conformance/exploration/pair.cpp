#include "conformance/exploration/pair.h"

#include <fmt/format.h>

namespace assay::conformance {

RequestBuilder Pair::help() {
  is_helped_ = true;
  return helper().background("helper");
}

namespace {

const char* name_of(int worker) {
  return worker == 0 ? "A" : "B";
}

}  // namespace

// The one that records steps of a pair. What the functions have in common, in the words of the trace.
class PairTrace {
 public:
  explicit PairTrace(Pair& pair) : pair_(pair) {}

  Trace of(const std::function<void()>& steps, std::string name, const std::vector<std::string>& clauses) {
    pair_.record_ = [&] {
      pair_.is_helped_ = false;
      pair_.workers_ = pair_.workers<3>();
      pair_.prepare();
      steps();
    };
    Trace trace = pair_.build(std::move(name), clauses);
    pair_.record_ = nullptr;
    return trace;
  }

  void prepare_for(int worker) {
    pair_.before(worker);
    if (pair_.is_helped_) pair_.await("helper");
  }

  void count(int worker) {
    pair_.act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    auto request = pair_.worker(worker).request();
    pair_.work(worker, request);
    disarm();
  }

  void kill(int worker, const PointVisit& at) {
    arm("kill", worker, at);
    auto doomed = pair_.worker(worker).request();
    doomed.ends("any");
    pair_.work(worker, doomed);
    disarm();
  }

  void interleave(const Schedule& schedule) {
    const int first = schedule.b_begins ? 1 : 0, second = 1 - first;
    if (schedule.first) arm("pause", first, *schedule.first);
    if (schedule.second) arm("pause", second, *schedule.second);
    hand_over_at_locks();
    start(first);
    start(second);
    go_on(first);
    go_on(second);
    // A worker that waited for a lock of another gets it now. One after the other: workers that run at the same time
    // would end in an order of their own.
    for (int round = 0; round < 2; ++round) {
      if (pair_.is_helped_) go_on(2);
      go_on(first);
      go_on(second);
    }
    disarm();
    for (const int worker : {first, second}) pair_.await(name_of(worker));
    if (pair_.is_helped_) pair_.await("helper");
    pair_.verify();
  }

  void verify() { pair_.verify(); }

 private:
  void arm(const char* effect, int worker, const PointVisit& at) {
    pair_.act(ActionKind::arm, {{"point", at.point},
                                {"effect", effect},
                                {"occurrence", static_cast<std::int64_t>(at.visit)},
                                {"worker", pair_.worker(worker).number()}});
  }
  void disarm() { pair_.act(ActionKind::disarm, {}); }

  // Every worker of the trace, each time.
  void hand_over_at_locks() {
    for (const auto& point : points::catalogue()) {
      if (!point.is(points::Use::blocks)) continue;
      pair_.act(ActionKind::arm,
                {{"point", std::string(point.name)}, {"effect", "pause"}, {"onwards", true}, {"optional", true}});
    }
  }

  void start(int worker) {
    const bool was_helped = pair_.is_helped_;
    pair_.before(worker);
    if (pair_.is_helped_ && !was_helped) pair_.wait_until_blocked(pair_.helper());
    auto request = pair_.worker(worker).background(name_of(worker));
    pair_.work(worker, request);
    pair_.wait_until_blocked(pair_.worker(worker));
  }

  void go_on(int worker) {
    pair_.act(ActionKind::unpause, {{"point", "*"}, {"worker", pair_.worker(worker).number()}});
    pair_.wait_until_blocked(pair_.worker(worker));
  }

  Pair& pair_;
};

Trace count_alone(Pair& pair, int worker, const std::string& name) {
  PairTrace trace(pair);
  const auto steps = [&] {
    trace.prepare_for(worker);
    trace.count(worker);
  };
  return trace.of(steps, fmt::format("{}: {} alone", name, name_of(worker)), {});
}

Trace interleave(Pair& pair, const Schedule& schedule, const std::string& name,
                 const std::vector<std::string>& clauses) {
  PairTrace trace(pair);
  return trace.of([&] { trace.interleave(schedule); }, fmt::format("{}: {}", name, to_text(schedule)), clauses);
}

namespace {

Trace after_a_kill(Pair& pair, const PointVisit& crash, const std::function<void(PairTrace&)>& next,
                   const std::string& name, const std::vector<std::string>& clauses) {
  PairTrace trace(pair);
  const auto steps = [&] {
    trace.prepare_for(0);
    trace.kill(0, crash);
    next(trace);
    trace.verify();
  };
  return trace.of(steps, name, clauses);
}

}  // namespace

Trace kill_then(Pair& pair, const PointVisit& crash, const std::function<void()>& next, const std::string& name,
                const std::vector<std::string>& clauses) {
  return after_a_kill(
      pair, crash, [&](PairTrace&) { next(); }, name, clauses);
}

Trace kill_and_count(Pair& pair, const PointVisit& crash, const std::string& name,
                     const std::vector<std::string>& clauses) {
  return after_a_kill(
      pair, crash, [](PairTrace& trace) { trace.count(1); }, name, clauses);
}

Trace kill_both(Pair& pair, const PointVisit& first, const PointVisit& second, const std::string& name,
                const std::vector<std::string>& clauses) {
  return after_a_kill(
      pair, first, [&](PairTrace& trace) { trace.kill(1, second); }, name, clauses);
}

}  // namespace assay::conformance
