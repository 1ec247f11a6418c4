#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/reports/run_report.h"
#include "support/error.h"

namespace assay::conformance {

inline constexpr char report_schema[] = "assay-report/2";

// The machine-readable report, schema "assay-report/2" (docs/user-guide.md, "JSON report"): one JSON object.
//
//   schema        "assay-report/2"
//   suite         {version, commit, profile, seed}
//   target        {name, version, php, features: [..], choices: {..}, option}; php is the version of its PHP, or empty
//   contract      "portable", or "php-8.4" and its like
//   selection     {text, areas: [..], narrowed, shard, clauses: [..]}
//   started, finished   "2026-01-31T12:00:00.123Z"
//   interrupted, with_expectations, strict   true or false
//   verdict       "conforms", "violates" or "not shown"; `why` says it in one sentence
//   coverage      {must: {all, passed, failed, not_assessed, no_test, not_selected, not_claimed, unobservable}, should, may}
//   unexpected    [test, ..]
//   counts        {verdict: number of tests}, each verdict
//   evidence      {traces, operations, interleavings, faults_fired, crash_states,
//                  points: {NAME: {reached, fired, operations: {operation: times that a fault fired during it}}}}
//   clauses       {ID: verdict of the worst test}: the clauses that a test looked at
//   untested      [ID, ..]: must clauses in scope without a test in this run
//   results       [{test, kind, clauses: {ID: verdict}, verdict, reason, seconds, trace, evidence}, ..], with `details`,
//                 `phpt` and `no_phpt` where they are not empty; `trace` is the file that replays a failure, or null
//
// Bytes that are not text are written as clean_text (clean_text.h) has them: always valid UTF-8.
std::string json_report(const RunReport& report, const RunJudgement& judgement);

// A report that was read back. `clauses`, `verdict` and `untested` are as they were judged then.
struct SavedReport {
  RunReport report;
  RunVerdict verdict = RunVerdict::not_shown;
  std::string why;
  std::map<std::string, Verdict> clauses;
  std::vector<std::string> untested;
  std::vector<std::string> unexpected;
};

// Strict: every field there, no other, of its type and in its range; totals that agree with the results. An error names
// the file and the field, and tells a file that is not ours from one of another version and from one cut short.
Expected<SavedReport> report_from_json(const std::string& text, const std::string& file);
Expected<SavedReport> read_report(const std::string& file);

}  // namespace assay::conformance
