#pragma once

#include <string>
#include <utility>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// One store into the data cache by a worker that is to die in it, and then what the survivor is expected to find.
class DoomedStore final : public Scenario {
 public:
  // `by`: as in the action explore_crash.
  DoomedStore(const Description& target, std::string by, Matcher found)
      : Scenario(target), by_(std::move(by)), found_(std::move(found)) {}

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "1");
    ini("opcache.memory_consumption", "16");
    auto [victim, other] = workers<2>();
    victim.get("k");
    act(ActionKind::explore_crash, {{"worker", 0}, {"by", by_}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.set("k", 7);
    expect(other.get("k", "none"), found_);
  }
  std::string by_;
  Matcher found_;
};

}  // namespace assay::conformance
