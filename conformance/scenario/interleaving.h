#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// Where a worker is held: at its n-th visit of a point.
struct HeldAt {
  std::string point;
  std::uint64_t visit = 1;
};

// One order in which two workers, A and B, take their steps. Whoever begins runs until it is held (or to its end), then
// the other one does, then the first runs to its end, then the other. A worker that meets a lock which the other holds
// hands over too: that is no preemption.
struct Schedule {
  bool b_begins = false;
  std::optional<HeldAt> first;   // of the worker that begins
  std::optional<HeldAt> second;  // of the other; only where `first` is given

  int preemptions() const { return (first ? 1 : 0) + (second ? 1 : 0); }
};

// "A1 B1 A2 B2 (A at hit/found 1, B at store/copy 1)": the parts in their order, and where the workers were held.
std::string to_text(const Schedule& schedule);

// How often a worker visits each point.
using Visits = std::map<std::string, std::uint64_t>;

// Every schedule of two workers with so many preemptions at most (0 to 2), if each visits what it visits alone.
std::vector<Schedule> all_schedules(const Visits& a, const Visits& b, int most_preemptions);

// A trace in which two workers serve one request each in a given order, with a third one that does what stands between.
// Whoever derives says what the requests are and what must hold; the replies in them are expected as in any scenario.
class Interleaving : public Scenario {
 public:
  // The trace of one schedule.
  Trace of(const Schedule& schedule, const std::string& name, const std::vector<std::string>& clauses);
  // The trace in which a worker (0: A, 1: B) does its part alone while its visits are counted.
  Trace alone(int who, const std::string& name);

 protected:
  using Scenario::Scenario;
  virtual void prepare() = 0;  // nothing runs yet
  virtual void before(int) {}  // that worker is about to begin; may ask for help()
  virtual void work(int who, RequestBuilder& request) = 0;
  virtual void verify() = 0;  // everybody is done
  void set_hands();
  WorkerHandle hand(int who) const { return hands_[static_cast<std::size_t>(who)]; }
  WorkerHandle helper() const { return hands_[2]; }
  // Starts the helper's one request in the background.
  RequestBuilder help();
  bool is_helped() const { return helped_; }
  void steps() override;

 private:
  void count_alone();
  void interleave();
  void start(int who);
  void go_on(int who);
  void hold(int who, const HeldAt& where);
  void hand_over_at_locks();

  std::array<WorkerHandle, 3> hands_;
  Schedule schedule_;
  std::optional<int> alone_;
  bool helped_ = false;
};

}  // namespace assay::conformance
