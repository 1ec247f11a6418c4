#pragma once

#include <span>
#include <string>
#include <vector>

#include "conformance/adapters/process/messages.h"

namespace assay::conformance::process {

// A cache that this program serves over the process protocol: the other end of ProcessRuntime.
class ServedCache {
 public:
  virtual ~ServedCache() = default;
  virtual Expected<Greeting> greeting() = 0;
  // In the adapter, before its workers are forked; makes what they share. Called again for a reload, when all workers of
  // before are gone. Paths are real ones.
  virtual Expected<void> start(const Configuration& configuration, const Sandbox& sandbox) = 0;
  // In a worker, once, before anything is served.
  virtual Expected<void> enter(int worker) = 0;
  // In a worker: one request, one reply for each operation. An error says what the cache did that is no reply.
  virtual Expected<std::vector<Reply>> serve(std::span<const Operation> operations) = 0;
};

// Serves on standard input and output until that ends. Returns the exit status. Workers are forked, one process each. What
// the cache itself prints goes to standard error.
int serve_over_standard_streams(ServedCache& cache);

}  // namespace assay::conformance::process
