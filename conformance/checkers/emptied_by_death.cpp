#include "conformance/checkers/emptied_by_death.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace assay::conformance {

namespace {

// The last observation of each request that died: nothing of it has a reply. A read without one is no call of the run.
std::vector<std::size_t> last_of_the_dead(std::span<const Observation> observations) {
  std::vector<std::size_t> last;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& seen = observations[i];
    const bool is_last = i + 1 == observations.size() || observations[i + 1].step != seen.step;
    if (is_last && seen.outcome == Outcome::Kind::died && seen.reply.kind == Reply::Kind::not_run) last.push_back(i);
  }
  return last;
}

}  // namespace

CacheRun with_emptied_caches(const CacheRun& run, std::span<const Observation> observations) {
  CacheRun emptied = run;
  std::set<std::string> backends;
  for (const CacheCall& call : run.calls) backends.insert(call.backend);
  for (const std::size_t dead : last_of_the_dead(observations)) {
    auto behind = std::find_if(emptied.calls.begin(), emptied.calls.end(),
                               [&](const CacheCall& call) { return call.observation > dead; });
    KeyEvent clear;
    clear.kind = KeyEvent::Kind::clear;
    if (behind != emptied.calls.begin()) clear.from = clear.to = std::prev(behind)->event.to;
    for (const std::string& backend : backends)
      behind = emptied.calls.insert(behind, CacheCall{backend, "", clear, dead}) + 1;
  }
  return emptied;
}

}  // namespace assay::conformance
