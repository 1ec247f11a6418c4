// The chosen set of sweeps: clause tests, and a few traces of their own, that come to every point of the catalogue.
#include "conformance/suite/guarantees/swept_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/execution/sweep.h"
#include "conformance/execution/trace_sweep.h"
#include "conformance/registry/test_case.h"
#include "conformance/suite/guarantees/point_traces.h"
#include "conformance/suite/guarantees/unreached_points.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

// The trace of a clause test.
SweptTrace clause_test(const std::string& title, const std::string& test, std::vector<std::string> points) {
  const auto trace = [test](const Description& target) {
    const TestCase* found = find_test(test);
    if (!found || !found->trace) throw std::logic_error("there is no clause test " + test);
    return found->trace(target);
  };
  return {title, trace, std::move(points)};
}

std::vector<SweptTrace> scripts() {
  return {
      clause_test("a store and an invalidation", "SC-API-02/a-removed-file-is-invalidated-by-its-key-once",
                  {"process/request/*",   "lock/write/acquire", "lock/write/held", "lock/write/release",
                   "lock/write/released", "lock/usage/acquire", "lock/usage/held", "lock/usage/release",
                   "segment/*",           "interned/*",         "table/*",         "store/*",
                   "invalidate/*",        "hit/lookup",         "hit/found",       "realpath/*",
                   "files/lstat",         "files/stat",         "files/open",      "files/read"}),
      clause_test("an alias", "RP-USE-05/an-include-that-the-script-cache-answers-by-its-alias-resolves-nothing",
                  {"alias/*", "hit/count"}),
      clause_test("a revalidation", "SC-VAL-11/is-cached-answers-false-for-a-changed-file-and-leaves-the-entry-alone",
                  {"revalidate/*"}),
      clause_test("a restart", "SC-RST-17/while-one-restart-is-pending-another-cause-changes-nothing",
                  {"restart/schedule*", "restart/begin", "restart/start", "restart/clear/*", "restart/publish",
                   "restart/end", "lock/restart/acquire", "lock/restart/held", "lock/restart/release"}),
      {"a forced restart", forced_restart, {"restart/kill", "lock/usage/query", "lock/restart/blocked"}},
      clause_test("the file cache",
                  "SC-FIL-10/with-files-only-a-changed-source-is-noticed-by-its-time-and-by-nothing-else",
                  {"file_cache/*"}),
      {"the log", logged, {"log/*"}},
      {"a write lock that another holds", lock_met, {"lock/write/blocked"}},
  };
}

std::vector<SweptTrace> data() {
  return {
      clause_test("stores and fetches of data",
                  "ST-ISO-07/a-second-fetch-in-a-request-sees-what-others-stored-meanwhile",
                  {"static/lock/acquire", "static/lock/held", "static/lock/release*", "static/allocate",
                   "static/store/*", "static/fetch/*"}),
      clause_test("a deletion of data", "ST-GET-13/a-worker-sees-what-another-one-stored-at-once", {"static/delete/*"}),
      clause_test("a clear of data", "ST-RST-02/for-the-data-cache-a-reset-takes-effect-at-the-call",
                  {"static/clear/*"}),
      clause_test("reservations", "ST-LCK-18/of-several-requests-that-meet-a-missing-value-one-builds-it",
                  {"static/reservation/lookup", "static/reservation/own", "static/reservation/publish",
                   "static/reservation/taken", "static/reservation/release*"}),
      {"expired data", expired, {"static/expire/*"}},
      {"a lock of the data cache that another holds", data_lock_met, {"static/lock/blocked"}},
      {"a key whose owner dies", owner_dies, {"static/reservation/ask"}},
      {"a key that another has reserved", reservation_met, {"static/reservation/blocked"}},
      {"what the dead left", repaired, {"lock/recover", "lock/recovered", "static/recover"}},
  };
}

std::vector<SweptTrace> files() {
  return {
      clause_test("files asked for",
                  "RP-USE-02/the-stat-family-and-the-operations-on-directories-do-not-fill-the-cache",
                  {"files/chmod", "files/list", "files/readlink"}),
      clause_test("files renamed and touched", "RP-USE-08/touch-mkdir-and-failing-renames-and-unlinks-resolve-nothing",
                  {"files/access", "files/mkdir", "files/rename", "files/unlink", "files/utime"}),
      clause_test("files linked and written",
                  "RP-CLR-07/making-touching-copying-linking-writing-and-changing-directory-clear-nothing",
                  {"files/link", "files/symlink", "files/write", "files/chdir", "files/getcwd"}),
      clause_test("folders removed", "RP-CLR-05/a-failed-one-changes-nothing", {"files/rmdir"}),
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
    const bool can_be_hit = entry->allows(points::Effect::kKill) || entry->allows(points::Effect::kFail);
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
  result = sweep_trace(context.target, context.folder, trace, {.most_time = std::chrono::minutes(5)});
  if (result.verdict != Verdict::pass) return result;
  const std::vector<std::string> missed = missed_points(swept, result.evidence);
  if (missed.empty()) return result;
  // The suite's own table is wrong: nothing is said about the clause.
  result.verdict = Verdict::error;
  result.reason = fmt::format("the sweep of \"{}\" tried no fault at {}", swept.title, fmt::join(missed, ", "));
  return result;
}

[[maybe_unused]] const bool registered = [] {
  for (const SweptTrace& swept : swept_set()) {
    const std::string title = "swept: " + swept.title + ", with every fault at every visit of a point";
    TestCase test = detail::describe_test("sweep", "GU-LIV-05", title.c_str(), __FILE__, __LINE__);
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
