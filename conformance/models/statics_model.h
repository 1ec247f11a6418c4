#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/models/static_action.h"
#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// Declared statics as a caller may observe them (static-cache.md 12): entries that are kept, and what each request has of
// them. Stateless; a state is a value.
//
// Where the specification leaves something open there are several next states:
//   a class that is published as a whole holds, of members that changed without being published, what they are now or
//   what they were (ST-ATT-10);
//   a tracked static that was written and is what it was is published or not (ST-ATT-13).
class StaticsModel {
 public:
  // What a static holds.
  struct Held {
    enum class Kind : std::uint8_t { initial, number, list, box, date, queue, closure };
    Kind kind = Kind::initial;
    std::int64_t number = 0;                             // also of the box and of the date
    std::vector<std::pair<bool, std::int64_t>> items{};  // of the list and of the queue; true: under the key 'k'
    auto operator<=>(const Held&) const = default;
  };
  using Content = std::map<std::string, Held>;  // by static; of a class all that differ from the initial value
  struct Entry {
    Content content;
    std::int64_t expires = 0;  // first second in which it is gone; 0: never
    auto operator<=>(const Entry&) const = default;
  };
  struct Local {
    Held value;
    Held base;      // as loaded
    Held snapshot;  // as loaded, or as last published by this request
    bool is_written = false;
    auto operator<=>(const Local&) const = default;
  };
  // A request: what it has loaded. `classes` whose properties were used, `loaded` content of classes kept as one entry.
  struct Request {
    std::set<std::string> classes;
    std::map<std::string, Content> loaded;
    std::map<std::string, Local> locals;  // by static, in the names of static_action.h
    std::set<std::string> suppressed;     // backends
    bool has_library = false;
    auto operator<=>(const Request&) const = default;
  };
  struct State {
    std::map<std::string, Entry> kept;  // by entry
    std::map<int, Request> requests;    // under way, by worker
    auto operator<=>(const State&) const = default;
  };

  // What the script does in the request of the worker, and what it replies with: the same in all next states.
  static std::vector<State> act(State state, int worker, const StaticAction& action, std::int64_t now, Value& reply);
  static std::vector<State> end(const State& state, int worker, std::int64_t now);
  // The worker died: nothing is published any more (ST-ATT-26).
  static State died(State state, int worker);

  // By the request: the whole backend (ST-ATT-19), one class (ST-ATT-18), the script of the library (ST-ATT-20).
  static State cleared(State state, int worker, const std::string& backend);
  static State without_class(State state, const std::string& class_name, const std::string& backend);
  static State invalidated(State state, int worker);
};

}  // namespace assay::conformance
