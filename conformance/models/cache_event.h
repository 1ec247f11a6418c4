#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "conformance/models/clock_timeline.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// Values by number, so that states are small and compare fast. Numbers are never reused.
class ValueTable {
 public:
  // A value with objects, references or enums is opaque: it is equal to anything that is stored.
  static constexpr std::int32_t opaque = -2;
  static constexpr std::int32_t number_of_false = 0;
  ValueTable() { number(Value(false)); }
  std::int32_t number(const Value& value);
  const Value& value(std::int32_t number) const { return values_[static_cast<std::size_t>(number)]; }
  std::string text(std::int32_t number) const;

 private:
  std::unordered_multimap<std::size_t, std::int32_t> numbers_;  // by hash
  std::vector<Value> values_;
};

// What one operation of a data cache did with one key, as the reply tells.
struct KeyEvent {
  enum class Kind { get, has, set, remove, clear, add, insert };
  enum class Result {
    hit,          // get, has: there is a value (`value` where it was shown)
    miss,         // get, has: there is none
    hit_or_miss,  // get: the value shown is also the default that was given
    done,         // set, remove, clear, add, insert: reported as done
    refused,      // ... reported as not done; insert: there is a live entry
    unknown,      // no reply: it happened or not
    failed,       // a failure was reported (false for a read, an exception): nothing changed
  };
  Kind kind = Kind::get;
  Result result = Result::done;
  std::int32_t value = ValueTable::opaque;  // shown or stored
  std::int64_t ttl = 0;                     // set, insert
  std::int64_t step_by = 0;                 // add: by how much; `shown` is the new number
  std::optional<std::int64_t> shown;        // add
  std::uint32_t from = 0, to = 0;           // positions of the clock in which it ran
  bool lossy = false;        // from here on entries may vanish without a reason of their own (a restart was asked for)
  bool may_be_lost = false;  // insert: the value was told to the caller, stored or not
  bool proper = true;        // key, value and ttl are such that nobody may refuse them with an exception

  bool reads() const { return kind == Kind::get || kind == Kind::has; }
};

std::string to_text(const KeyEvent& event, const ValueTable& values);

// One operation of a run, taken apart by key. `clear` stands for all keys and has an empty key.
struct CacheCall {
  std::string backend, key;
  KeyEvent event;
  std::size_t observation = 0;  // its index
  bool is_reload = false;       // not an operation: the runtime began anew

  // Of this call's own strings.
  using Name = std::pair<std::string_view, std::string_view>;
  struct NameHash {
    std::size_t operator()(const Name& name) const {
      return std::hash<std::string_view>()(name.first) * 31 + std::hash<std::string_view>()(name.second);
    }
  };
  Name name() const { return {backend, key}; }

  // The event; one that has no reply as what it is if it happened: with success.
  KeyEvent taken_effect(const Observation& seen) const {
    KeyEvent made = event;
    if (seen.reply.kind == Reply::Kind::not_run) made.result = KeyEvent::Result::done;
    return made;
  }
};

// Everything that a run did with the data caches, in the order of its observations.
struct CacheRun {
  std::vector<CacheCall> calls;
  ValueTable values;
  ClockTimeline timeline;
  bool overlapping = false;  // some requests ran in the background
  bool faults = false;       // some fault was armed
};

// Builds it from what a run reports, in the order of the reports. A reload stands as a clear of both backends; where
// requests overlap it has no place of its own, and makes what follows lossy instead.
class CacheRunBuilder {
 public:
  void observe(const Observation& observation);
  void act(std::size_t step, const Action& action);
  CacheRun finish();

 private:
  CacheRun run_;
  std::map<std::size_t, std::uint32_t> clock_at_;  // by step of an advance_clock: the position after it
  std::size_t observed_ = 0, last_step_ = 0;
  bool restart_asked_ = false;
};

// The same from a trace and its observations.
CacheRun cache_run(const Trace& trace, std::span<const Observation> observations);

}  // namespace assay::conformance
