// The points that no trace on the reference comes to, and why.
#include "conformance/suite/guarantees/unreached_points.h"

#include <algorithm>

#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

struct Unreached {
  const char* points;  // a name or a prefix with '*'
  const char* reason;
};

constexpr const char* at_start = "visited before a trace can arm anything: at the start or the end of the runtime";
constexpr const char* not_built = "the reference does not have this part";

constexpr Unreached unreached[] = {
    {"segment/map/*", at_start},
    {"segment/unmap", at_start},
    {"segment/protect", not_built},
    {"lock/file/*", at_start},
    {"static/partition/create", at_start},
    {"table/remove", "keys are never unlinked: the table is cleared as a whole"},
    {"preload/*", not_built},
    {"file_cache/lock", "a file has no name before it is complete: there is nothing that a lock would keep apart"},
    {"file_cache/sync", "what a loss of power leaves is refused by its checksum"},
    {"files/truncate", "nothing that a request can ask for sets a file's length"},
    {"files/sync", "nothing that a request can ask for flushes a file"},
    {"files/fstat", "asked only for the current folder of workers that are threads"},
    {"files/chown", "asked only when a file moves to another file system"},
    {"process/fork", "workers are forked by the suite itself, which no plan reaches"},
    {"process/start", "a worker starts beside the trace, before or after a plan is armed: no sweep could count it"},
    {"process/stop", "a worker is ended by a signal, as the manager of a real one does it"},
    {"posix/*", "visited by the interposer, in programs that are not ours"},
};

}  // namespace

std::string_view why_unreached(std::string_view point) {
  for (const Unreached& entry : unreached) {
    if (points::matches(entry.points, point)) return entry.reason;
  }
  return {};
}

std::vector<std::string> points_meant(const std::vector<std::string>& patterns) {
  std::vector<std::string> meant;
  for (const auto& entry : points::catalogue()) {
    const bool named = std::any_of(patterns.begin(), patterns.end(),
                                   [&](const std::string& pattern) { return points::matches(pattern, entry.name); });
    if (named && why_unreached(entry.name).empty()) meant.emplace_back(entry.name);
  }
  return meant;
}

}  // namespace assay::conformance
