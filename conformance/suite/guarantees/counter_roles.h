#pragma once

#include "conformance/exploration/pair.h"

namespace assay::conformance {

// What a worker can be doing with the counters of the pinned backend while something happens to another.
enum class CounterRole { count, count_new, count_back, count_text, set, get, get_list, remove, clear, lock };

inline constexpr CounterRole counter_roles[] = {
    CounterRole::count, CounterRole::count_new, CounterRole::count_back, CounterRole::count_text, CounterRole::set,
    CounterRole::get,   CounterRole::get_list,  CounterRole::remove,     CounterRole::clear,      CounterRole::lock};

// As ids and titles say it: "create".
const char* name_of(CounterRole role);
const char* feature_of(CounterRole role);
// Whether it changes a counter.
bool counts(CounterRole role);

// Two workers in their roles on one pinned backend with a counter in it, and what must hold when both are done. Replies
// are judged by the order that must exist of them (GU-VAL-04).
class CounterRoles : public Pair {
 public:
  CounterRoles(const Description& target, CounterRole a, CounterRole b) : Pair(target), roles_{a, b} {}

  // What B does next, whatever its role, within the bound of the guarantees.
  void next(CounterRole role);

 private:
  void prepare() override;
  void work(int number, RequestBuilder& request) override;
  void verify() override;

  RequestBuilder bounded(WorkerHandle worker);
  void right_values(RequestBuilder& request);
  void counts_again(RequestBuilder& request);
  static void play(CounterRole role, int number, RequestBuilder& request);

  CounterRole roles_[2];
};

}  // namespace assay::conformance
