#include "conformance/scenario/interleaving.h"

#include <fmt/format.h>

#include <algorithm>

#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

std::vector<HeldAt> places(const Visits& visits) {
  std::vector<HeldAt> all;
  for (const auto& [point, times] : visits) {
    for (std::uint64_t visit = 1; visit <= times; ++visit) all.push_back({point, visit});
  }
  return all;
}

const char* name_of(int who) {
  return who == 0 ? "A" : "B";
}

}  // namespace

std::string to_text(const Schedule& schedule) {
  const char* first = name_of(schedule.b_begins ? 1 : 0);
  const char* second = name_of(schedule.b_begins ? 0 : 1);
  if (!schedule.first) return fmt::format("{}1 {}1", first, second);
  const auto held = [](const char* who, const HeldAt& where) {
    return fmt::format("{} at {} {}", who, where.point, where.visit);
  };
  if (!schedule.second) return fmt::format("{0}1 {1}1 {0}2 ({2})", first, second, held(first, *schedule.first));
  return fmt::format("{0}1 {1}1 {0}2 {1}2 ({2}, {3})", first, second, held(first, *schedule.first),
                     held(second, *schedule.second));
}

std::vector<Schedule> all_schedules(const Visits& a, const Visits& b, int most_preemptions) {
  std::vector<Schedule> all;
  for (const bool b_begins : {false, true}) {
    all.push_back({b_begins, std::nullopt, std::nullopt});
    if (most_preemptions == 0) continue;
    for (const HeldAt& first : places(b_begins ? b : a)) {
      all.push_back({b_begins, first, std::nullopt});
      if (most_preemptions == 1) continue;
      for (const HeldAt& second : places(b_begins ? a : b)) all.push_back({b_begins, first, second});
    }
  }
  return all;
}

Trace Interleaving::of(const Schedule& schedule, const std::string& name, const std::vector<std::string>& clauses) {
  schedule_ = schedule;
  alone_.reset();
  return build(fmt::format("{}: {}", name, to_text(schedule)), clauses);
}

Trace Interleaving::alone(int who, const std::string& name) {
  alone_ = who;
  return build(fmt::format("{}: {} alone", name, name_of(who)), {});
}

void Interleaving::set_hands() {
  helped_ = false;
  hands_ = workers<3>();
}

void Interleaving::steps() {
  set_hands();
  prepare();
  alone_ ? count_alone() : interleave();
}

void Interleaving::count_alone() {
  before(*alone_);
  if (helped_) await("helper");
  act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
  auto request = hand(*alone_).request();
  work(*alone_, request);
  act(ActionKind::disarm, {});
}

void Interleaving::interleave() {
  const int first = schedule_.b_begins ? 1 : 0, second = 1 - first;
  if (schedule_.first) hold(first, *schedule_.first);
  if (schedule_.second) hold(second, *schedule_.second);
  hand_over_at_locks();
  start(first);
  start(second);
  go_on(first);
  go_on(second);
  // Who waited for a lock of another gets it now. One after the other: workers that run at the same time would end in
  // an order of their own.
  for (int round = 0; round < 2; ++round) {
    if (helped_) go_on(2);
    go_on(first);
    go_on(second);
  }
  act(ActionKind::disarm, {});
  for (const int who : {first, second}) await(name_of(who));
  if (helped_) await("helper");
  verify();
}

RequestBuilder Interleaving::help() {
  helped_ = true;
  return helper().background("helper");
}

void Interleaving::start(int who) {
  const bool already = helped_;
  before(who);
  if (helped_ && !already) wait_until_blocked(helper());
  auto request = hand(who).background(name_of(who));
  work(who, request);
  wait_until_blocked(hand(who));
}

void Interleaving::go_on(int who) {
  act(ActionKind::unpause, {{"point", "*"}, {"worker", hand(who).number()}});
  wait_until_blocked(hand(who));
}

void Interleaving::hold(int who, const HeldAt& where) {
  act(ActionKind::arm, {{"point", where.point},
                        {"effect", "pause"},
                        {"occurrence", static_cast<std::int64_t>(where.visit)},
                        {"worker", hand(who).number()}});
}

// Every worker of the trace, each time.
void Interleaving::hand_over_at_locks() {
  for (const auto& point : points::catalogue()) {
    if (point.is(points::Use::blocks))
      act(ActionKind::arm,
          {{"point", std::string(point.name)}, {"effect", "pause"}, {"onwards", true}, {"optional", true}});
  }
}

}  // namespace assay::conformance
