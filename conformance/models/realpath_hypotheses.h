#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/models/realpath_model.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The realpath caches of all workers of a runtime, under one assumption of what the target resolves by itself: nothing,
// or at the start of each request a main script somewhere below `ancestor` (RP-LIFE-08), and the same once more when it
// starts a worker (`at_start`: an adapter may send a request of its own). The entries below the ancestor are the
// adapter's, and are not reported.
class RealpathHypothesis {
 public:
  RealpathHypothesis(std::string ancestor, bool at_start, std::vector<RealpathRules> workers);

  RealpathModel& cache(int worker) { return workers_.at(static_cast<std::size_t>(worker)).cache; }
  // The worker's process is new.
  void start_worker(int worker, const FileSystemModel& files, std::int64_t now);
  void begin_request(int worker, const FileSystemModel& files, std::int64_t now);
  // Everything is cleared, also what is not reported.
  void clear(int worker);

 private:
  struct Worker {
    RealpathModel cache;
    RealpathRules rules;
    // Until when the entry of the main script lives: while it does, nothing above it is looked at.
    std::optional<std::int64_t> main_script;
  };
  std::string ancestor_;
  bool at_start_;
  std::vector<Worker> workers_;
};

// The rules of each worker, from the directives of its pool.
std::vector<RealpathRules> realpath_rules(const Configuration& configuration);

// Every assumption that may hold: no main script, or one below any of the ancestors of the root, or the root.
std::vector<RealpathHypothesis> realpath_hypotheses(const std::vector<RealpathRules>& workers, bool with_main_script,
                                                    const FileSystemModel& files, std::int64_t now);

}  // namespace assay::conformance
