#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// A request that was sent and is not collected yet.
struct BackgroundRequest {
  std::size_t step = 0;              // that sent it
  const Request* request = nullptr;  // of the trace; never null
  std::int64_t began_at = 0;         // virtual time, in seconds
  std::unique_ptr<PendingRequest> pending;
  // Its worker was killed: it has to be replaced even where the request had just been completed.
  bool is_killed = false;
};

// The background requests of one run, by the names that the trace gives them. Used by one thread; the workers outlive
// it. The destructor waits for all that are left.
class BackgroundRequests {
 public:
  bool empty() const { return requests_.empty(); }
  bool contains(const std::string& name) const { return requests_.contains(name); }
  // REQUIRES: contains no request of that name.
  void add(const std::string& name, BackgroundRequest request) { requests_.emplace(name, std::move(request)); }
  // REQUIRES: contains(name); take_first: not empty().
  BackgroundRequest take(const std::string& name) { return std::move(requests_.extract(name).mapped()); }
  BackgroundRequest take_first() { return take(requests_.begin()->first); }

  // Marks the requests of a worker that is killed. False: it has none.
  bool mark_killed(int worker);
  // Whether a request (of that worker) has not ended yet; does not block.
  bool is_any_running() const;
  bool is_running(int worker) const;
  // Waits for all and forgets them: nobody judges them any more, but the next run on this runtime must not find them
  // running, nor their replies.
  void abandon();

 private:
  std::map<std::string, BackgroundRequest> requests_;
};

}  // namespace assay::conformance
