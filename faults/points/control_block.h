#pragma once

// The suite's side of a control block: create the file, arm plans, read counters and evidence, hold and release
// workers, move the virtual clock. One ControlBlock per runtime; any number of processes map the same file.
//
// Thread and process safety: every operation may run while workers run. arm(), disarm() and reset() are meant for
// moments at which no worker is inside a request: a visit that overlaps them is judged by the old plan, the new one, or
// not at all. Only one process may arm.
//
// Ownership: the object owns its mapping, not the file: whoever made the folder removes it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "faults/points/layout.h"
#include "faults/points/plan.h"

namespace assay::points {

// How often a point was visited while something was armed (the interposer's points: always).
struct Counter {
  std::string point;
  std::uint64_t reached = 0;
  std::uint64_t fired = 0;  // visits at which a fault took effect
};

// The numbers of a Counter alone.
struct Tally {
  std::uint64_t reached = 0;
  std::uint64_t fired = 0;
};

// One fault that took effect.
struct Evidence {
  std::uint64_t number = 0;  // 0, 1, 2 ... since the block was created or reset
  std::string point;
  std::uint64_t occurrence = 0;  // which visit it was, counted as the fault's Occurrence counts
  std::size_t fault = 0;         // index in the plan
  Effect effect = Effect::count;
  int error = 0;
  std::int32_t worker = kNoWorker;
  std::int32_t pid = 0;
  std::string operation;      // what the worker was doing (set_operation)
  std::int64_t stamp_ns = 0;  // the machine's CLOCK_MONOTONIC
};

struct EvidenceLog {
  std::vector<Evidence> records;  // oldest first
  std::uint64_t lost = 0;         // overwritten (the ring keeps kEvidenceRecords) or cut off by a death
};

// A planned fault and what became of it. One that has not fired makes a test inconclusive.
struct FaultStatus {
  Fault fault;
  std::uint64_t seen = 0;  // visits of its points by its worker
  std::uint64_t fired = 0;
};

// A worker that waits at a point.
struct Held {
  std::string point;
  std::int32_t worker = kNoWorker;
  std::int32_t pid = 0;
  std::uint64_t occurrence = 0;
};

struct CreateOptions {
  // Points of this runtime beside the catalogue (an adapter's own); every effect is allowed there.
  std::vector<std::string> extra_points;
  // When this process is gone, held workers go on. -1 = the caller, 0 = none.
  std::int32_t owner = -1;
};

class ControlBlock {
 public:
  // Makes a new control file (mode 0600; an existing one is an error) with nothing armed and the clock real.
  static Expected<ControlBlock> create(const std::string& path, const CreateOptions& options = {});
  // Maps an existing one; refuses one that is truncated, foreign or of another version.
  static Expected<ControlBlock> open(const std::string& path);

  ControlBlock(ControlBlock&& other) noexcept;
  ControlBlock& operator=(ControlBlock&& other) noexcept;
  ControlBlock(const ControlBlock&) = delete;
  ControlBlock& operator=(const ControlBlock&) = delete;
  ~ControlBlock();

  const std::string& path() const { return path_; }
  // For attach() and for tests of the layout.
  Layout& layout() { return *layout_; }
  const Layout& layout() const { return *layout_; }

  // --- plan
  // Puts `plan` in force instead of the one before, with its counts at zero. Refused (and nothing changed) when a point
  // is unknown, the effect makes no sense there, a number is 0, or there are more than kMaxFaults. An empty plan counts
  // every point. Point counters and evidence go on; see reset().
  Expected<void> arm(const Plan& plan);
  // Back to idle; lets every held worker go on. What was counted stays readable.
  void disarm();
  bool is_armed() const;
  // Zeroes all counters and forgets all evidence.
  void reset();
  // Asks the external evaluator (libfiu) at each point too; see set_external_evaluator.
  void consult_external(bool on);

  std::vector<FaultStatus> plan_status() const;
  std::vector<Counter> counters() const;            // every point that was reached
  std::vector<Tally> tallies() const;               // of each of known_points(), in their order; cheap
  Counter counter(const std::string& point) const;  // zeros for a point that is unknown or was not reached
  EvidenceLog evidence() const;
  // Visits of points that are in no catalogue, and the last such name.
  Counter uncatalogued() const;
  const std::vector<std::string>& known_points() const { return names_; }  // by the alphabet

  // --- workers
  // Tells the block which process a worker id is: for stock binaries, which cannot say so themselves.
  Expected<void> name_worker(std::int32_t worker, std::int32_t pid);
  void set_operation(std::int32_t worker, const std::string& label);
  // Frees what a dead process left (its gate, its name). Call after its exit was collected.
  void forget(std::int32_t pid);

  // --- turnstile. `point` is a name or a prefix with '*'; kAnyWorker means every worker. Pauses are planned faults.
  std::vector<Held> held() const;
  // Waits until a worker is held there; nothing when the time is over first.
  std::optional<Held> wait_held(const std::string& point, std::int32_t worker, std::chrono::nanoseconds limit);
  // The same, but not longer than until `over` says so; that is asked at each change and after each wake_waiters().
  std::optional<Held> wait_held(const std::string& point, std::int32_t worker, std::chrono::nanoseconds limit,
                                const std::function<bool()>& over);
  void wake_waiters();
  // Lets the matching held workers go on; returns how many.
  int release(const std::string& point = "*", std::int32_t worker = kAnyWorker);
  int release_process(std::int32_t pid);

  // --- virtual clock. It stands still except when moved here.
  void set_clock(std::chrono::nanoseconds realtime, std::chrono::nanoseconds monotonic);
  // Freezes it at the machine's present time.
  void freeze_clock();
  // Moves both clocks, also backwards. A clock that is not frozen is frozen first.
  void advance_clock(std::chrono::nanoseconds by);
  // Moves the time of day alone, as an administrator or NTP does.
  void step_realtime(std::chrono::nanoseconds by);
  void thaw_clock();
  bool clock_frozen() const;
  std::chrono::nanoseconds realtime() const;  // virtual while frozen, else the machine's
  std::chrono::nanoseconds monotonic() const;

 private:
  ControlBlock(std::string path, Layout* layout) : path_(std::move(path)), layout_(layout) {}
  void read_names();
  std::vector<std::uint32_t> named_by(const std::string& pattern) const;

  std::string path_;
  Layout* layout_ = nullptr;
  // The points that the block names, which are few of its entries, and where they stand.
  std::vector<std::string> names_;
  std::vector<std::uint32_t> entries_;
};

}  // namespace assay::points
