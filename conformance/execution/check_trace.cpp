#include "conformance/execution/check_trace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/catalogue/catalogue.h"
#include "conformance/vocabulary/late_start.h"
#include "conformance/vocabulary/pattern.h"
#include "conformance/vocabulary/vacuous_matcher.h"
#include "faults/points/catalogue.h"
#include "faults/points/plan.h"
#include "support/text/near_names.h"

namespace assay::conformance {
namespace {

// The names of the replies that a matcher compares with, each with the field that holds it.
void collect_labels(const Matcher& matcher, std::vector<std::pair<const char*, std::string>>& labels) {
  const auto inside = [&](const Matcher& part) { collect_labels(part, labels); };
  std::visit(
      [&](const auto& m) {
        if constexpr (requires { m.since.label; }) labels.emplace_back("since", m.since.label);
        if constexpr (requires { m.reply.label; }) labels.emplace_back("reply", m.reply.label);
        if constexpr (requires { inside(*m.is); }) inside(*m.is);
        if constexpr (requires { inside(*m.are); }) inside(*m.are);
        if constexpr (requires { inside(*m.matcher); }) inside(*m.matcher);
        if constexpr (requires { inside(m.parts.front()); }) std::for_each(m.parts.begin(), m.parts.end(), inside);
      },
      matcher.form);
}

Expected<void> check_clause_id(const char* field, const std::string& id) {
  if (find_clause(id)) return {};
  const auto near = near_ids(id);
  return failure(fmt::format("field \"{}\": there is no clause \"{}\"{}", field, id,
                             near.empty() ? "" : fmt::format("; near it: {}", fmt::join(near, ", "))));
}

Expected<void> check_point(const std::string& pattern) {
  const auto known = points::catalogue();
  const bool exists = std::any_of(known.begin(), known.end(), [&](const points::CatalogueEntry& entry) {
    return points::matches(pattern, entry.name);
  });
  if (exists) return {};
  std::vector<std::string> names;
  for (const auto& entry : known) names.emplace_back(entry.name);
  return failure(fmt::format("field \"point\": there is no point \"{}\"; near it: {}", pattern,
                             fmt::join(near_names(pattern, names), ", ")));
}

Expected<void> check_one_of(const Call& call, const char* field, std::initializer_list<std::string_view> known) {
  const std::string& value = call.text(field);
  if (std::find(known.begin(), known.end(), value) != known.end()) return {};
  return failure(fmt::format("field \"{}\": \"{}\" is none of {}", field, value, fmt::join(known, ", ")));
}

bool has_parameter(const Call& call, std::string_view name) {
  return std::any_of(call.spec->parameters.begin(), call.spec->parameters.end(),
                     [&](const Parameter& parameter) { return name == parameter.name; });
}

Expected<void> check_fault(const Action& action) {
  ASSAY_TRY(check_point(action.text("point")));
  if (action.integer("occurrence") < 1)
    return failure(fmt::format("field \"occurrence\": {} is less than 1, the first", action.integer("occurrence")));
  std::string plan = action.text("point") + " " + action.text("effect");
  if (!action.text("error").empty()) plan += ":" + action.text("error");
  const auto fault = points::parse_fault(plan + " once:1");
  if (!fault) return failure(fmt::format("field \"effect\": {}", fault.error().message));
  return {};
}

Expected<void> check_start(const Action& action) {
  ASSAY_TRY(check_one_of(action, "ends", {"ready", "failed", "any"}));
  if (!action.text("clause").empty()) ASSAY_TRY(check_clause_id("clause", action.text("clause")));
  for (const auto& [position, pattern] : action.argument("says").as_array()) {
    if (!pattern.is_string()) return failure("field \"says\" must be a list of regular expressions");
    if (auto parsed = Pattern::parse(pattern.as_string()); !parsed)
      return failure(fmt::format("field \"says\": {}", parsed.error().message));
  }
  return {};
}

class Checking {
 public:
  Checking(const Trace& trace, const std::string& file) : trace_(trace), file_(file) {}

  Expected<void> check() {
    for (const std::string& id : trace_.clauses) ASSAY_TRY(at_line(1, check_clause_id("clauses", id)));
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) ASSAY_TRY(at_line(i + 2, check_step(i)));
    ASSAY_TRY(check_order());
    ASSAY_TRY(check_explorations());
    // What nobody awaits is collected at the end.
    while (!background_.empty()) {
      const std::size_t step = background_.begin()->second;
      ASSAY_TRY(at_line(step + 2, end_background(background_.begin()->first)));
    }
    return {};
  }

 private:
  // The reader takes no empty lines: the header is line 1, each step one more.
  Expected<void> at_line(std::size_t line, Expected<void> result) const {
    if (result) return result;
    return failure(fmt::format("{}:{}: {}", file_, line, result.error().message));
  }

  // Whoever explores the crash states of a worker means its next request.
  Expected<void> check_explorations() const {
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      const auto* action = std::get_if<Action>(&trace_.steps[i]);
      if (!action || action->kind() != ActionKind::explore_crash) continue;
      const bool is_followed =
          std::any_of(trace_.steps.begin() + static_cast<std::ptrdiff_t>(i), trace_.steps.end(), [&](const Step& step) {
            const auto* request = std::get_if<Request>(&step);
            return request && request->worker == action->integer("worker");
          });
      if (!is_followed)
        return at_line(i + 2,
                       failure(fmt::format("no request of worker {} follows, whose crash states could be explored",
                                           action->integer("worker"))));
    }
    return {};
  }

  // A runtime starts once, before whatever needs it; nothing is left to ask of one that failed.
  Expected<void> check_order() const {
    bool runs = !starts_late(trace_);
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      const Step& step = trace_.steps[i];
      if (runs && is_start(step)) return at_line(i + 2, failure("the runtime has started already"));
      if (!runs && !is_start(step) && !may_precede_start(step))
        return at_line(i + 2, failure("this needs the runtime, which the action \"start\" starts later"));
      runs = runs || is_start(step);
      const auto* action = std::get_if<Action>(&step);
      const bool begins = action && (is_start(step) || action->kind() == ActionKind::reload);
      if (begins && action->text("ends") == "failed" && i + 1 < trace_.steps.size())
        return at_line(i + 3, failure("nothing can follow a start that failed"));
    }
    return {};
  }

  Expected<void> check_step(std::size_t number) {
    if (const auto* action = std::get_if<Action>(&trace_.steps[number])) return check_action(*action);
    const Request& request = std::get<Request>(trace_.steps[number]);
    for (std::size_t i = 0; i < request.exchanges.size(); ++i) ASSAY_TRY(check_exchange(request.exchanges[i], i));
    if (request.background.empty()) return end_request(request);
    if (!background_.emplace(request.background, number).second)
      return failure(fmt::format("field \"background\": a request \"{}\" runs already", request.background));
    return {};
  }

  Expected<void> check_exchange(const Exchange& exchange, std::size_t position) {
    const Operation& operation = exchange.operation;
    if (!exchange.clause.empty()) ASSAY_TRY(check_clause_id("clause", exchange.clause));
    if (exchange.expected && matches_every_reply(*exchange.expected))
      return failure(fmt::format("field \"expect\": every reply matches {}; leave it out, or expect something",
                                 to_text(*exchange.expected)));
    if (has_parameter(operation, "backend")) ASSAY_TRY(check_one_of(operation, "backend", {"volatile", "pinned"}));
    if (has_parameter(operation, "how"))
      ASSAY_TRY(check_one_of(operation, "how", {"include", "include_once", "require", "require_once"}));
    if (!has_parameter(operation, "operation")) return {};
    const std::int64_t earlier = operation.integer("operation");
    if (earlier >= 0 && earlier < static_cast<std::int64_t>(position)) return {};
    return failure(fmt::format("field \"operation\": {} is no operation before this one, which is number {} (from 0)",
                               earlier, position));
  }

  // Its matchers are looked at when all its replies are there.
  Expected<void> end_request(const Request& request) {
    for (const Exchange& exchange : request.exchanges) {
      if (!exchange.label.empty()) labels_.insert(exchange.label);
    }
    for (const Exchange& exchange : request.exchanges) {
      std::vector<std::pair<const char*, std::string>> needed;
      if (exchange.expected) collect_labels(*exchange.expected, needed);
      for (const auto& [field, label] : needed) {
        if (labels_.contains(label)) continue;
        return failure(fmt::format("field \"{}\": no reply is labelled \"{}\" by then; labels are {}", field, label,
                                   labels_.empty() ? "none" : fmt::format("{}", fmt::join(labels_, ", "))));
      }
    }
    return {};
  }

  Expected<void> end_background(const std::string& name) {
    const auto found = background_.find(name);
    if (found == background_.end())
      return failure(fmt::format("field \"request\": no background request \"{}\" runs by then", name));
    const std::size_t step = found->second;
    background_.erase(found);
    return end_request(std::get<Request>(trace_.steps[step]));
  }

  Expected<void> check_action(const Action& action) {
    if (has_parameter(action, "worker")) ASSAY_TRY(check_worker(action.argument("worker")));
    switch (action.kind()) {
      case ActionKind::start:
      case ActionKind::reload:
        return check_start(action);
      case ActionKind::arm:
        return check_fault(action);
      case ActionKind::unpause:
        return check_point(action.text("point"));
      case ActionKind::await:
        return end_background(action.text("request"));
      case ActionKind::explore_crash:
        return check_one_of(action, "by", {"image", "kill", "call"});
      case ActionKind::advance_clock:
        return advance(action.integer("seconds"));
      case ActionKind::write:
        return check_age(action.integer("age"));
      default:
        return {};
    }
  }

  // The clock counts nanoseconds in 64 bits.
  Expected<void> advance(std::int64_t seconds) {
    constexpr std::int64_t least = 0, most = 9'000'000'000;
    if (seconds < least - now_ || seconds > most - now_)
      return failure(
          fmt::format("field \"seconds\": {} is out of range, the clock goes from {} to {}, and is at {} here", seconds,
                      least, most, now_));
    now_ += seconds;
    return {};
  }

  // Seconds before now, or after it where it is negative.
  static Expected<void> check_age(std::int64_t age) {
    constexpr std::int64_t most = 10'000'000'000;
    if (age >= -most && age <= most) return {};
    return failure(fmt::format("field \"age\": {} is out of range, it goes from {} to {}", age, -most, most));
  }

  Expected<void> check_worker(const Value& worker) const {
    const int workers = trace_.configuration.worker_count();
    if (worker.is_null() || (worker.is_int() && worker.as_int() >= 0 && worker.as_int() < workers)) return {};
    return failure(
        fmt::format("field \"worker\": {} is out of range, the configuration has {} worker(s), numbered from 0",
                    to_text(worker), workers));
  }

  const Trace& trace_;
  const std::string& file_;
  std::int64_t now_ = clock_start;
  std::set<std::string> labels_;
  std::map<std::string, std::size_t> background_;  // running, by name: the step
};

}  // namespace

Expected<void> check_trace(const Trace& trace, const std::string& file) {
  return Checking(trace, file).check();
}

}  // namespace assay::conformance
