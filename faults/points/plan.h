#pragma once

// A fault plan: what shall happen at which visits of which points. Plain data; ControlBlock::arm puts it in force.
//
//   block.arm({fail("posix/lock/fcntl/setlkw", EINTR, from(1).at_most(3)), kill_at("store/publish/*", once(2))});

#include <cstdint>
#include <string>
#include <vector>

#include "faults/points/layout.h"
#include "support/error.h"

namespace assay::points {

// Which visits, counted from 1 over the points, worker and process that the fault names.
struct Occurrence {
  When when = When::once;
  std::uint64_t n = 1;
  std::uint64_t limit = 0;  // fires at most so often; 0 = no limit

  Occurrence at_most(std::uint64_t times) const { return {when, n, times}; }
  bool operator==(const Occurrence&) const = default;
};

inline Occurrence once(std::uint64_t n) {
  return {When::once, n, 0};
}
inline Occurrence from(std::uint64_t n) {
  return {When::from, n, 0};
}
inline Occurrence every(std::uint64_t n) {
  return {When::every, n, 0};
}
inline Occurrence always() {
  return from(1);
}

struct Fault {
  std::string point;  // a name, or a prefix that ends with '*'
  Effect effect = Effect::count;
  Occurrence when = always();
  int error = 0;                     // errno, for kFail
  std::uint64_t delay_us = 0;        // for kDelay
  std::int32_t worker = kAnyWorker;  // only this worker
  std::int32_t pid = 0;              // only this process; 0 = all

  Fault for_worker(std::int32_t id) const;
  Fault for_process(std::int32_t id) const;
  bool operator==(const Fault&) const = default;
};

Fault fail(std::string point, int error, Occurrence when = once(1));
Fault kill_at(std::string point, Occurrence when = once(1));
Fault pause_at(std::string point, Occurrence when = once(1));
Fault delay_at(std::string point, std::uint64_t microseconds, Occurrence when = always());
Fault count_at(std::string point);

using Plan = std::vector<Fault>;

// One line of text for a fault, and back:
//   POINT EFFECT [once:N|from:N|every:N] [limit:N] [worker:N] [pid:N]
//   EFFECT = fail:ERRNO | kill | pause | delay:MICROSECONDS | count      (ERRNO a name or a number)
// Without an occurrence: once:1 for fail, kill and pause, from:1 for delay and count.
std::string to_text(const Fault& fault);
Expected<Fault> parse_fault(std::string_view text);

const char* effect_name(Effect effect);
std::string errno_name(int error);  // "EINTR"; the number where it has no name

}  // namespace assay::points
