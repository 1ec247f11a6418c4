#include "conformance/exploration/history_sources.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

using Make = std::function<Trace(std::uint64_t seed)>;

// A number that says nothing of its neighbours.
std::uint64_t mixed(std::uint64_t seed) {
  seed *= 0x9E3779B97F4A7C15u;
  return seed ^ (seed >> 32);
}

// Short and long ones, for one worker and for several.
template <class Options>
Make sized(Options options, Trace (*make)(std::uint64_t, const Options&)) {
  return [=](std::uint64_t seed) {
    Options chosen = options;
    chosen.steps = 10 + 10 * static_cast<int>(mixed(seed) % 4);
    chosen.workers = 1 + static_cast<int>(mixed(seed) / 4 % 3);
    return make(seed, chosen);
  };
}

// Whether they declare the same; a choice that only one has says nothing of the other.
class Choices {
 public:
  Choices(const Description& a, const Description& b) : a_(a), b_(b) {}

  bool differ(const std::string& name) const { return of(a_, name) != of(b_, name); }

 private:
  static std::string of(const Description& target, const std::string& name) {
    const auto found = target.choices.find(name);
    return found == target.choices.end() ? "" : found->second;
  }
  const Description& a_;
  const Description& b_;
};

// The memory that a main script takes from a small realpath cache is not told.
RealpathTraceOptions realpath_options(const Choices& choices) {
  RealpathTraceOptions options;
  options.small_limits = !choices.differ("main-script");
  return options;
}

CacheTraceOptions cache_options(const Choices& choices, const std::string& backend) {
  CacheTraceOptions options;
  options.backend = backend;
  options.clock_steps = !choices.differ("ttl-edge");
  options.clock_steps_back = !choices.differ("ttl-clock");
  options.counters = backend == "pinned" && !choices.differ("counters-overflow");
  return options;
}

// Locks in stripes may hold two keys together.
ReservationTraceOptions reservation_options(const Choices& choices) {
  ReservationTraceOptions options;
  if (choices.differ("locks")) options.keys = 1;
  return options;
}

bool has(const Description& target, const std::string& feature) {
  return target.features.contains(feature);
}

// A worker that dies of what it does, or an include that one of them skips, would hide what comes after it.
ScriptTraceOptions script_options(const Choices& choices) {
  ScriptTraceOptions options;
  options.compiles = !choices.differ("compile-of-a-cached-file");
  options.once = !choices.differ("once-of-a-cached-file-that-is-gone") &&
                 !choices.differ("once-of-a-file-that-moved") && !choices.differ("keys-of-once-includes");
  options.left_links = !choices.differ("key-of-a-key");
  return options;
}

// Those with one more dimension beside the plain ones. A main script of the target's own would be in the counts of some.
std::vector<Make> script_histories(const Description& a, const Description& b) {
  const Choices choices(a, b);
  const ScriptTraceOptions plain = script_options(choices);
  std::vector<Make> kinds = {sized(plain, random_script_trace)};
  const auto add = [&](bool ScriptTraceOptions::*dimension, std::initializer_list<const char*> features) {
    for (const char* feature : features)
      if (!has(a, feature) || !has(b, feature)) return;
    ScriptTraceOptions options = plain;
    options.*dimension = true;
    kinds.push_back(sized(options, random_script_trace));
  };
  add(&ScriptTraceOptions::questions, {"script_cache.file_override"});
  if (choices.differ("main-script")) return kinds;
  add(&ScriptTraceOptions::served, {"deploy"});
  add(&ScriptTraceOptions::excluded, {"script_cache.blacklist", "reload"});
  return kinds;
}

std::vector<Make> realpath_histories(const Description& a, const Description& b) {
  return {sized(realpath_options(Choices(a, b)), random_realpath_trace)};
}

std::vector<Make> static_histories(const Description& a, const Description& b) {
  const Choices choices(a, b);
  const auto both = [&](const std::string& feature) { return has(a, feature) && has(b, feature); };
  std::vector<Make> kinds;
  for (const std::string backend : {"volatile", "pinned"})
    if (both("static_cache." + backend)) kinds.push_back(sized(cache_options(choices, backend), random_cache_trace));
  if (both("static_cache.locks") && !choices.differ("leases"))
    kinds.push_back(sized(reservation_options(choices), random_reservation_trace));
  return kinds;
}

// One of the kinds, by the seed.
Make one_of(std::vector<Make> kinds) {
  return [kinds = std::move(kinds)](std::uint64_t seed) { return kinds[mixed(seed) / 12 % kinds.size()](seed); };
}

struct Area {
  const char* name;
  const char* feature;
  std::vector<Make> (*kinds)(const Description& a, const Description& b);
};
constexpr Area areas_by_feature[] = {{"script", "script_cache", script_histories},
                                     {"realpath", "realpath_cache", realpath_histories},
                                     {"static", "static_cache", static_histories}};

}  // namespace

const std::vector<std::string>& areas_with_histories() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Area& area : areas_by_feature) all.emplace_back(area.name);
    return all;
  }();
  return names;
}

CommonHistories common_histories(const Description& a, const Description& b, const std::vector<std::string>& areas) {
  CommonHistories common;
  for (const Area& area : areas_by_feature) {
    if (!areas.empty() && std::count(areas.begin(), areas.end(), area.name) == 0) continue;
    if (!has(a, area.feature) || !has(b, area.feature)) {
      common.not_common[area.name] =
          fmt::format("{} does not claim {}", has(a, area.feature) ? b.name : a.name, area.feature);
      continue;
    }
    std::vector<Make> kinds = area.kinds(a, b);
    if (kinds.empty())
      common.not_common[area.name] = "they have no backend in common";
    else
      common.sources.push_back({area.name, one_of(std::move(kinds))});
  }
  return common;
}

}  // namespace assay::conformance
