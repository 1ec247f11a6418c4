#include "conformance/execution/background_requests.h"

#include <algorithm>

namespace assay::conformance {

bool BackgroundRequests::mark_killed(int worker) {
  bool found = false;
  for (auto& [name, background] : requests_) {
    if (background.request->worker != worker) continue;
    background.is_killed = found = true;
  }
  return found;
}

bool BackgroundRequests::is_any_running() const {
  return std::any_of(requests_.begin(), requests_.end(),
                     [](const auto& entry) { return !entry.second.pending->is_over(); });
}

bool BackgroundRequests::is_running(int worker) const {
  return std::any_of(requests_.begin(), requests_.end(), [&](const auto& entry) {
    return entry.second.request->worker == worker && !entry.second.pending->is_over();
  });
}

void BackgroundRequests::abandon() {
  for (auto& [name, background] : requests_) (void)background.pending->outcome();
  requests_.clear();
}

}  // namespace assay::conformance
