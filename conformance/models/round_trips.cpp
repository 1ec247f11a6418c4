#include "conformance/models/round_trips.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/models/object_library.h"

namespace assay::conformance {
namespace {

const Value kNothing = "none";

// What a script told: its first word, the key, and the rest.
struct Told {
  std::string_view what;
  std::string key;
  const Value* third = nullptr;
  const Value* fourth = nullptr;
  const Value* fifth = nullptr;
};

std::optional<Told> told_by(const Reply& reply) {
  if (reply.kind != Reply::Kind::value) return std::nullopt;
  const Value& value = reply.value;
  if (!value.is_array() || value.as_array().size() != 5 || !is_list(value.as_array())) return std::nullopt;
  const auto item = [&](std::size_t i) { return &value.as_array()[i].second; };
  if (!item(0)->is_string() || !item(1)->is_string()) return std::nullopt;
  return Told{item(0)->as_string(), item(1)->as_string(), item(2), item(3), item(4)};
}

class RoundTrips {
 public:
  explicit RoundTrips(const Trace& trace) {
    for (const Step& step : trace.steps) {
      const auto* action = std::get_if<Action>(&step);
      if (action && action->kind() == ActionKind::write) scripts_[action->text("path")] = action->text("content");
    }
  }

  std::optional<Refusal> observe(const Observation& seen) {
    if (seen.operation.kind() == OperationKind::cache_delete) shapes_.erase(seen.operation.text("key"));
    if (seen.operation.kind() != OperationKind::include) return std::nullopt;
    const auto told = told_by(seen.reply);
    if (!told) return nothing_told(seen);
    return told->what == "stored" ? stored(*told, seen) : fetched(*told, seen);
  }

  std::uint64_t judged = 0;
  std::string not_judged;

 private:
  std::optional<Refusal> nothing_told(const Observation& seen) {
    const std::string& path = seen.operation.text("path");
    const auto written = scripts_.find(path);
    // What a fetching script does besides is the library's.
    const bool is_fetch =
        written != scripts_.end() && written->second.starts_with(object_script("return fetch_and_tell("));
    if (!is_fetch) {
      not_judged = fmt::format("{} told nothing: {}", path, to_text(seen.reply));
      return std::nullopt;
    }
    Refusal refusal{"ST-GET-01", fmt::format("a fetch did not come to its end: {}", to_text(seen.reply))};
    refusal.step = seen.step;
    refusal.exchange = seen.exchange;
    return refusal;
  }

  struct Shapes {
    Value stored = kNothing;
    Value changed = kNothing;
  };

  std::optional<Refusal> stored(const Told& told, const Observation& seen) {
    ++judged;
    shapes_[told.key] = {*told.fourth, *told.fifth};
    if (*told.third == Value(true)) return std::nullopt;
    return refusal(seen, "ST-SET-01", "a store that can be", true, *told.third);
  }

  std::optional<Refusal> fetched(const Told& told, const Observation& seen) {
    ++judged;
    const auto known = shapes_.find(told.key);
    const Shapes shapes = known == shapes_.end() ? Shapes{} : known->second;
    if (*told.third != shapes.stored) return refusal(seen, "ST-GET-01", "a fetch", shapes.stored, *told.third);
    if (*told.fourth != shapes.changed)
      return refusal(seen, "ST-ISO-08", "the fetched value after a change", shapes.changed, *told.fourth);
    if (*told.fifth != shapes.stored)
      return refusal(seen, "ST-ISO-01", "a second fetch after it", shapes.stored, *told.fifth);
    return std::nullopt;
  }

  static std::optional<Refusal> refusal(const Observation& seen, const char* clause, const char* what,
                                        const Value& expected, const Value& actual) {
    constexpr std::size_t kShown = 300;
    Refusal refusal{clause,
                    fmt::format("{} gave {} instead of {}", what, to_text(actual, kShown), to_text(expected, kShown))};
    refusal.step = seen.step;
    refusal.exchange = seen.exchange;
    return refusal;
  }

  std::map<std::string, std::string> scripts_;  // no path is written twice
  std::map<std::string, Shapes> shapes_;
};

// Without all of it scripts tell nothing.
bool has_library(const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    const auto* action = std::get_if<Action>(&step);
    return action && action->kind() == ActionKind::write && action->text("path") == object_library_path &&
           action->text("content") == object_library();
  });
}

}  // namespace

Judgement judge_round_trips(const Trace& trace, std::span<const Observation> observations) {
  Judgement judgement;
  if (!has_library(trace)) {
    judgement.not_judged = fmt::format("{} is another one", object_library_path);
    return judgement;
  }
  RoundTrips trips(trace);
  for (const Observation& seen : observations) {
    judgement.refusal = trips.observe(seen);
    if (judgement.refusal || !trips.not_judged.empty()) break;
  }
  judgement.judged = trips.judged;
  judgement.not_judged = trips.not_judged;
  return judgement;
}

}  // namespace assay::conformance
