// The chosen set of sweeps: clause tests, and a few traces of their own, that come to every point of the catalogue.
#include "conformance/suite/guarantees/swept_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/exploration/trace_sweep.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/point_traces.h"
#include "conformance/suite/guarantees/unreached_points.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

// The trace of a clause test.
SweptTrace swept_test(std::string slug, std::string title, const std::string& test, std::vector<std::string> points) {
  const auto trace = [test](const Description& target) {
    const TestCase* found = find_test(test);
    if (!found || !found->trace) throw std::logic_error("there is no clause test " + test);
    return found->trace(target);
  };
  return {std::move(slug), std::move(title), trace, std::move(points)};
}

std::vector<SweptTrace> scripts() {
  return {
      swept_test("store", "a store and an invalidation", "SC-API-02/removed-file",
                 {"process/request/*",   "lock/write/acquire", "lock/write/held", "lock/write/release",
                  "lock/write/released", "lock/usage/acquire", "lock/usage/held", "lock/usage/release",
                  "segment/*",           "interned/*",         "table/*",         "store/*",
                  "invalidate/*",        "hit/lookup",         "hit/found",       "realpath/*",
                  "files/lstat",         "files/stat",         "files/open",      "files/read"}),
      swept_test("alias", "an alias", "RP-USE-05/alias", {"alias/*", "hit/count"}),
      swept_test("revalidation", "a revalidation", "SC-VAL-11/is-cached", {"revalidate/*"}),
      swept_test("restart", "a restart", "SC-RST-17/second-cause",
                 {"restart/schedule*", "restart/begin", "restart/start", "restart/clear/*", "restart/publish",
                  "restart/end", "lock/restart/acquire", "lock/restart/held", "lock/restart/release"}),
      {"forced-restart",
       "a forced restart",
       forced_restart,
       {"restart/kill", "lock/usage/query", "lock/restart/blocked"}},
      swept_test("file-cache", "the file cache", "SC-FIL-10/changed-source", {"file_cache/*"}),
      {"log", "the log", logged, {"log/*"}},
      {"write-lock", "a write lock that another holds", lock_met, {"lock/write/blocked"}},
  };
}

std::vector<SweptTrace> data() {
  return {
      swept_test("set-and-get", "stores and fetches of values", "ST-ISO-07/second-fetch",
                 {"static/lock/acquire", "static/lock/held", "static/lock/release*", "static/allocate",
                  "static/store/*", "static/fetch/*"}),
      swept_test("delete", "a deletion of values", "ST-GET-13/other-worker", {"static/delete/*"}),
      swept_test("clear", "a clear of the static cache", "ST-RST-02/at-once", {"static/clear/*"}),
      {"declared", "declared statics", published, {"static/declared/*"}},
      swept_test("counters", "counters", "ST-CNT-01/two-workers", {"static/increment/*"}),
      swept_test("reservations", "reservations", "ST-LCK-18/stampede",
                 {"static/reservation/lookup", "static/reservation/own", "static/reservation/publish",
                  "static/reservation/taken", "static/reservation/release*"}),
      {"expired", "expired values", expired, {"static/expire/*"}},
      {"compacted", "blocks that move together", compacted, {"static/compact/*"}},
      {"evicted", "values that make room for others", evicted, {"static/evict/*"}},
      {"static-lock", "a lock of the static cache that another holds", data_lock_met, {"static/lock/blocked"}},
      {"dead-owner", "a key whose owner dies", owner_dies, {"static/reservation/ask"}},
      {"reserved-key", "a key that another has reserved", reservation_met, {"static/reservation/blocked"}},
      {"repair", "the repair after crashes", repaired, {"lock/recover", "lock/recovered", "static/recover"}},
  };
}

std::vector<SweptTrace> files() {
  return {
      swept_test("file-queries", "queries about files", "RP-USE-02/stat-adds-nothing",
                 {"files/chmod", "files/list", "files/readlink"}),
      swept_test("file-renames", "files renamed and touched", "RP-USE-08/other-functions",
                 {"files/access", "files/mkdir", "files/rename", "files/unlink", "files/utime"}),
      swept_test("file-links", "files linked and written", "RP-CLR-07/other-operations",
                 {"files/link", "files/symlink", "files/write", "files/chdir", "files/getcwd"}),
      swept_test("rmdir", "folders removed", "RP-CLR-05/failed-change", {"files/rmdir"}),
  };
}

bool is_own(const std::string& point) {
  const auto* entry = points::find_point(point);
  return entry && entry->group != points::Group::call;
}

// Whether the target shows what happens inside its caches, and not only its system calls.
bool shows_points(TestContext& context, const Trace& trace) {
  const Execution counted = Executor(context.target, context.folder).run(armed_with(trace, {"*", "count", ""}, 1));
  return std::any_of(counted.counted.begin(), counted.counted.end(), [](const auto& at) { return is_own(at.first); });
}

// Points at which nothing can happen but a pause have to be reached.
std::vector<std::string> missed_points(const SweptTrace& swept, const Evidence& evidence) {
  std::vector<std::string> missed;
  for (const std::string& point : points_meant(swept.points)) {
    const auto found = evidence.points.find(point);
    const auto* entry = points::find_point(point);
    const bool can_be_hit = entry->allows(points::Effect::kill) || entry->allows(points::Effect::fail);
    const bool done = found != evidence.points.end() && (can_be_hit ? found->second.fired : found->second.reached) > 0;
    if (!done) missed.push_back(point);
  }
  return missed;
}

TestResult sweep_of(const SweptTrace& swept, TestContext& context) {
  TestResult result;
  const Trace trace = swept.trace(context.target.description());
  result.reason = reason_to_skip(trace, context.target.description());
  if (result.reason.empty() && !shows_points(context, trace))
    result.reason = fmt::format("{} shows no points inside its caches", context.target.description().name);
  if (!result.reason.empty()) {
    result.verdict = Verdict::skip;
    return result;
  }
  result = sweep_trace(context.target, context.folder, trace, std::chrono::minutes(5));
  if (result.verdict != Verdict::pass) return result;
  const std::vector<std::string> missed = missed_points(swept, result.evidence);
  if (missed.empty()) return result;
  // The suite's own table is wrong: nothing is said about the clause.
  result.verdict = Verdict::error;
  result.reason = fmt::format("the sweep of \"{}\" tried no fault at {}", swept.title, fmt::join(missed, ", "));
  return result;
}

[[maybe_unused]] const bool swept_set_registered = [] {
  for (const SweptTrace& swept : swept_set()) {
    TestCase test = describe_test("sweep", "GU-LIV-05/swept-" + swept.slug, "",
                                  "every fault at every visit of a point in " + swept.title);
    test.needs = {"fault", "fault.kill"};
    test.profile = Profile::standard;
    test.seconds_limit = 400;
    test.body = [&swept](TestContext& context) { return sweep_of(swept, context); };
    register_test(std::move(test));
  }
  return true;
}();

}  // namespace

std::span<const SweptTrace> swept_set() {
  static const std::vector<SweptTrace> set = [] {
    std::vector<SweptTrace> all;
    for (const std::vector<SweptTrace>& part : {scripts(), data(), files()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return set;
}

std::vector<std::string> unswept_points(std::span<const SweptTrace> set) {
  std::vector<std::string> left = points_meant({"*"});
  for (const SweptTrace& swept : set) {
    for (const std::string& point : points_meant(swept.points)) std::erase(left, point);
  }
  return left;
}

}  // namespace assay::conformance
