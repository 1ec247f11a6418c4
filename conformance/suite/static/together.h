#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// Workers that wait for each other, and then do their parts at the same time.
class TogetherScenario : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  // `part` is asked of each worker's request, behind the rendezvous.
  void together(const std::string& name, const std::vector<WorkerHandle>& all,
                const std::function<void(std::size_t, RequestBuilder&)>& part) {
    const auto own = [&](std::size_t i) { return fmt::format("{}-{}", name, i); };
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto request = WorkerHandle(all[i]).background(own(i));
      request.rendezvous(own(i));
      part(i, request);
    }
    for (std::size_t i = 0; i < all.size(); ++i) wait_for_arrival(own(i));
    for (std::size_t i = 0; i < all.size(); ++i) release(own(i));
    for (std::size_t i = 0; i < all.size(); ++i) await(own(i));
  }

  std::vector<WorkerHandle> several(int count) {
    std::vector<WorkerHandle> all;
    for (int i = 0; i < count; ++i) all.push_back(worker());
    return all;
  }
};

}  // namespace assay::conformance
