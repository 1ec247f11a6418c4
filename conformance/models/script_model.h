#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/vocabulary/observation.h"
#include "conformance/models/judgement.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The directives that the model follows (script-cache.md 8).
struct ScriptRules {
  bool validates = true;        // opcache.validate_timestamps
  std::int64_t window = 2;      // opcache.revalidate_freq
  std::int64_t protection = 2;  // opcache.file_update_protection
  // True: what PHP 8.2 does, to the letter: what is stored, listed, counted, answered to queries. False: what any cache
  // owes its users: an include serves the file as it is now, or a version that was stored and is within its window; an
  // entry may be dropped, or not be stored, at any time.
  bool exact = true;
};
ScriptRules script_rules(const Configuration& configuration);

// A script on disk: what it returns, and its time. One that was removed stays, as gone.
struct ScriptOnDisk {
  Value result;
  std::int64_t mtime = 0;
  bool gone = false;
};

// What a request sees when it asks.
struct ScriptMoment {
  std::int64_t now = 0;  // request time
  const std::map<std::string, ScriptOnDisk>* files = nullptr;
};

// The script cache of one runtime, for scripts under their resolved paths (no links, no other spellings), enough memory
// and slots, nothing excluded. Requests come one after the other.
struct ScriptState {
  struct Entry {
    int version = 0;  // an index into the model's versions
    std::int64_t mtime = 0;
    std::int64_t checked = 0;  // request time of the last check or store
    bool valid = true;
    auto operator<=>(const Entry&) const = default;
  };
  std::map<std::string, Entry> entries;
  bool pending = false;  // a restart is scheduled
  bool outside = false;  // this request began while it was: it works without the cache to its end
  std::int64_t hits = 0, misses = 0;
  auto operator<=>(const ScriptState&) const = default;
};

class ScriptModel {
 public:
  using States = std::vector<ScriptState>;

  explicit ScriptModel(ScriptRules rules) : rules_(rules) {}

  // Begins a request. `same_worker`: the request before it was by the same worker. Only then a pending restart is
  // surely carried out; another worker may still be ending its request (SC-RST-12, SC-RST-23).
  void begin_request(const ScriptState& state, bool same_worker, States& next) const;

  // Appends the states that the operation with this reply can lead to; none: not allowed. Operations of other kinds
  // change nothing.
  void step(const ScriptState& state, const Operation& operation, const Reply& reply, const ScriptMoment& moment,
            States& next);

  // Why not, where no state allowed it.
  Refusal explain(const States& states, const Operation& operation, const Reply& reply,
                  const ScriptMoment& moment) const;

 private:
  enum class Use { hit, miss, missing };
  Use use(ScriptState& state, const std::string& path, const ScriptMoment& moment);
  void include(const ScriptState& state, const Operation& operation, const Reply& reply, const ScriptMoment& moment,
               States& next);
  void ask_loosely(const ScriptState& state, const Operation& operation, const ScriptMoment& moment, States& next);
  void include_loosely(ScriptState state, const std::string& path, const Reply& reply, const ScriptMoment& moment,
                       States& next);
  void invalidate(ScriptState state, const Operation& operation, const Reply& reply, const ScriptMoment& moment,
                  States& next) const;
  bool is_cached(ScriptState& state, const std::string& path, const ScriptMoment& moment) const;
  bool is_due(const ScriptState::Entry& entry, std::int64_t now) const;
  bool may_store(const ScriptOnDisk& file, std::int64_t now) const;
  int version(const Value& result);
  // What in the report does not fit the state; empty: it fits.
  std::string misfit(const ScriptState& state, const Value& report) const;
  std::string text(const ScriptState& state) const;

  ScriptRules rules_;
  std::vector<Value> versions_;
};

// Judges a run step by step. Ends the judging at: overlapping requests, a request that did not complete, links, moves,
// other spellings than "@/...", scripts that are not `return LITERAL`, faults, other operations on scripts.
Judgement judge_scripts(const Trace& trace, std::span<const Observation> observations, ScriptRules rules);

}  // namespace assay::conformance
