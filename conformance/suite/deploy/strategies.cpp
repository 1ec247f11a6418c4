// The table of `assay deployments` agrees with the clauses. A body: what it measures is what is judged.
#include <fmt/format.h>

#include "conformance/deployments/forms.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {
namespace {

// What a row has to say, by clause.
struct Row {
  const char* strategy;
  const char* clauses;
  const char* new_after;
  std::int64_t disagreement;
  const char* mixed;
  const char* stale;
};

// Workers resolve the link at 0, 20 and 40 seconds, the deployment is at 60, and the time to live is 120: without an
// alias they flip one after the other, 61, 81 and 101 seconds after it (DP-04, DP-07); between, answers disagree. A
// request under way is pinned by the entry of the link where there is one (DP-27).
constexpr Row kRows[] = {
    {"link-swap", "DP-02 DP-29", "never", 0, "every one", "main script, files of its folder"},
    {"both-off", "DP-06", "at once", 0, "if under way", "nothing"},
    {"opcache-off", "DP-04 DP-29", "101 s", 40, "for 101 s", "nothing"},
    {"realpath-cache-off", "DP-03", "never", 0, "every one", "main script, files of its folder"},
    {"revalidate-path", "DP-07", "101 s", 40, "for 101 s", "nothing"},
    {"revalidate-path-no-realpath-cache", "DP-07", "at once", 0, "if under way", "nothing"},
    {"swap-and-reset", "DP-15", "at once", 0, "no", "nothing"},
    {"swap-and-reload", "DP-20", "at once", 0, "no", "nothing"},
    {"second-master", "DP-24", "at once", 0, "no", "nothing"},
    {"resolved-root", "DP-25", "at once", 0, "no", "nothing"},
};

std::string seen_in(const MeasuredRollout& measured) {
  return fmt::format("{}: all new {}, disagreement {} s, mixed {}, stale {}", measured.strategy.name,
                     in_words_new_after(measured), measured.disagreement, in_words_mixed(measured),
                     in_words_stale(measured));
}

TestResult agrees(TestContext& context, const Row& row) {
  TestResult result;
  for (const Strategy& strategy : strategies()) {
    if (strategy.name != row.strategy) continue;
    const MeasuredRollout measured = measure_on(context.target, context.folder, strategy);
    result.evidence.traces = 1;
    const std::string expected = fmt::format("{}: all new {}, disagreement {} s, mixed {}, stale {}", row.strategy,
                                             row.new_after, row.disagreement, row.mixed, row.stale);
    if (measured.not_measured.empty() && seen_in(measured) == expected) return result;
    result.verdict = measured.not_measured.empty() ? Verdict::fail : Verdict::error;
    result.reason = measured.not_measured.empty() ? fmt::format("expected {}; got {}", expected, seen_in(measured))
                                                  : measured.not_measured;
    return result;
  }
  result.verdict = Verdict::error;
  result.reason = fmt::format("there is no strategy {}", row.strategy);
  return result;
}

}  // namespace

BODY_TEST("property", "DP-02/strategies-table", "DP-03 DP-04 DP-06 DP-07 DP-15 DP-20 DP-24 DP-29",
          "the table of deployment strategies agrees with the clauses",
          {"deploy", "script_cache", "realpath_cache", "reload", "clock.virtual", "rendezvous"}) {
  TestResult total;
  for (const Row& row : kRows) {
    TestResult one = agrees(context, row);
    total.evidence += one.evidence;
    if (one.verdict == Verdict::pass) continue;
    one.evidence = total.evidence;
    return one;
  }
  return total;
}

}  // namespace assay::conformance
