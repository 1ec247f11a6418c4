#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "conformance/exploration/schedule.h"
#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// Two workers, A and B (0 and 1), with one request each on a cache that was prepared, and a helper for what has to
// happen between. Whoever derives says what the requests are and what must hold afterwards; the functions below make
// traces of it.
class Pair : public Scenario {
 protected:
  using Scenario::Scenario;
  virtual void prepare() = 0;  // nothing runs yet
  virtual void before(int) {}  // that worker is about to begin; may ask for help()
  virtual void work(int worker, RequestBuilder& request) = 0;
  virtual void verify() = 0;  // all are done

  WorkerHandle worker(int number) const { return workers_[static_cast<std::size_t>(number)]; }
  WorkerHandle helper() const { return workers_[2]; }
  // Starts the helper's one request in the background.
  RequestBuilder help();
  bool is_helped() const { return is_helped_; }

 private:
  friend class PairTrace;
  void steps() final { record_(); }

  std::function<void()> record_;  // while a trace is made
  std::array<WorkerHandle, 3> workers_;
  bool is_helped_ = false;
};

// One worker does its part alone while its visits are counted.
Trace count_alone(Pair& pair, int worker, const std::string& name);

// Both do their parts by one schedule.
Trace interleave(Pair& pair, const Schedule& schedule, const std::string& name,
                 const std::vector<std::string>& clauses);

// A is killed at a point of its part; then comes what `next` records; then all must hold.
Trace kill_then(Pair& pair, const PointVisit& crash, const std::function<void()>& next, const std::string& name,
                const std::vector<std::string>& clauses);

// A is killed, then B does its part while its visits are counted, or is killed in it as well.
Trace kill_and_count(Pair& pair, const PointVisit& crash, const std::string& name,
                     const std::vector<std::string>& clauses);
Trace kill_both(Pair& pair, const PointVisit& first, const PointVisit& second, const std::string& name,
                const std::vector<std::string>& clauses);

}  // namespace assay::conformance
