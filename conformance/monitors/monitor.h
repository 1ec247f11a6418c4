#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

class RunRecord;

// What a monitor holds against a run: the step and exchange whose reply cannot be, and why, for people.
struct Violation {
  std::string clause;
  std::size_t step = 0;
  std::size_t exchange = 0;
  std::string message;
};

// Judges one guarantee over the observations of one run, whatever the trace was made for. A monitor never raises a
// false alarm: where its assumptions (written beside each one) do not hold, it judges nothing. Used by one thread.
class Monitor {
 public:
  virtual ~Monitor() = default;

  // The clause that it judges ("GU-VAL-01").
  virtual std::string_view id() const = 0;

  // In this order: begin once, then observations and actions as the run reports them, then finish once.
  virtual void begin(const Configuration&) {}
  // `record` holds all that was reported; it is closed.
  virtual void observe(const Observation&) {}
  virtual void observe(const ActionTaken&) {}
  virtual void finish(const RunRecord& /*record*/) {}

  // How many replies it had something to say about: 0 means that the run says nothing about the clause.
  std::uint64_t judged() const { return judged_; }
  const std::vector<Violation>& violations() const { return violations_; }

 protected:
  void count_judged() { ++judged_; }
  void violate(const Observation& at, std::string message) {
    violations_.push_back({std::string(id()), at.step, at.exchange, std::move(message)});
  }

 private:
  std::uint64_t judged_ = 0;
  std::vector<Violation> violations_;
};

// One of each monitor, new, for one run on a target with these declared choices.
std::vector<std::unique_ptr<Monitor>> all_monitors(const Description& description);

}  // namespace assay::conformance
