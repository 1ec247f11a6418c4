#pragma once

#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

namespace assay::conformance {

// A value that tells, in each of its parts, which store it came from.
inline Value marked(const std::string& mark) {
  return Value::list({mark, Value::list(std::vector<Value>(20, Value(mark)))});
}

// What every scenario of the script cache asks once a fault is over. `Base` is a Scenario.
template <class Base>
class Recovering : public Base {
 public:
  using Base::Base;

 protected:
  // A request that has to end within the bound of the guarantees.
  static RequestBuilder bounded(WorkerHandle worker) {
    auto request = worker.request();
    request.within(std::chrono::seconds(1));
    return request;
  }

  // GU-LIV-02: a fresh store is a hit in every worker.
  void works_again(const std::vector<WorkerHandle>& all) {
    this->about("GU-LIV-02");
    this->write("@/late.php", returns(marked("late")));
    for (WorkerHandle worker : all) this->expect(bounded(worker).include("@/late.php"), marked("late"));
    for (WorkerHandle worker : all) {
      auto request = bounded(worker);
      this->expect(request.is_cached("@/late.php"), true);
      auto before = request.status();
      this->expect(before, all_of({at(status_path::enabled, true), at(status_path::pending, false)}));
      this->expect(request.include("@/late.php"), marked("late"));
      this->expect(request.status(), this->grew(status_path::hits, 1, before));
    }
  }
};

}  // namespace assay::conformance
