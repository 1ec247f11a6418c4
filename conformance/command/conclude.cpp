#include "conformance/command/conclude.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "conformance/adapters/php/known_expectations.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/registry/test_case.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/baseline.h"
#include "conformance/reports/proposed_expectations.h"
#include "conformance/reports/report_file.h"
#include "conformance/reports/terminal_report.h"

namespace assay::conformance {
namespace {

// What --expectations says for the deviations that the program itself knows.
constexpr const char* kKnownExpectations = "known";

// What this run left out, by its profile or selection, is no mistake of the list.
bool names_something(const Expectation& expectation) {
  if (expectation.test.empty()) return find_clause(expectation.clause) != nullptr;
  return std::any_of(all_tests().begin(), all_tests().end(),
                     [&](const TestCase& test) { return matches_glob(expectation.test, test.id); });
}

// Those of the program itself for this target.
std::vector<Expectation> known_of(const RunReport& report) {
  const std::string text(known_expectations(report.target.name));
  if (text.empty())
    complain(fmt::format("--expectations {}: no deviations of {} are known; every failure counts", kKnownExpectations,
                         report.target.name));
  auto known = expectations_from_text(text, report.target.name + ".jsonl");
  if (!known) complain(known.error().message);
  return std::move(known).value_or(std::vector<Expectation>{});
}

void compare_with_expectations(const ConclusionOptions& options, const ConclusionInputs& inputs, RunReport& report) {
  const bool from_program = options.expectations == kKnownExpectations;
  if (!inputs.expectations && !from_program) return;
  report.with_expectations = true;
  const auto expectations = from_program ? known_of(report) : *inputs.expectations;
  for (const Expectation& unused : apply_expectations(expectations, report)) {
    if (!names_something(unused))
      complain(fmt::format("{}:{}: names no test and no clause of the suite{}", options.expectations, unused.line,
                           hint_for_unknown_test(unused.test)));
  }
}

std::string for_people(const ConclusionOptions& options, const ConclusionInputs& inputs, const RunReport& report,
                       const RunJudgement& judgement, std::FILE* stream) {
  TerminalOptions terminal;
  terminal.style = TerminalStyle::for_stream(stream);
  terminal.durations = options.durations;
  const std::string changes = inputs.baseline ? to_text(compare(*inputs.baseline, report)) : "";
  return changes + terminal_report(report, judgement, terminal);
}

}  // namespace

Expected<ConclusionInputs> read_conclusion_inputs(const ConclusionOptions& options) {
  ASSAY_TRY(check_names(options.files, options.expectations));
  std::error_code ignored;
  if (!options.write_expectations.empty() && std::filesystem::exists(options.write_expectations, ignored))
    return failure(
        options.write_expectations +
        ": exists already, and what somebody wrote there is not overwritten; name another file, or remove it");
  ConclusionInputs inputs;
  if (!options.expectations.empty() && options.expectations != kKnownExpectations)
    inputs.expectations = ASSAY_TRY(read_expectations(options.expectations));
  if (!options.baseline.empty()) inputs.baseline = ASSAY_TRY(read_report(options.baseline));
  return inputs;
}

int conclude(const ConclusionOptions& options, const ConclusionInputs& inputs, RunReport& report) {
  report.strict = options.strict;
  compare_with_expectations(options, inputs, report);
  const RunJudgement judgement = judge_run(report, clauses_under(report.contract, report.target.php));
  // A report on standard output is for a program; people read the other stream then.
  const bool occupied = options.files.to_standard_output();
  const std::string text = for_people(options, inputs, report, judgement, occupied ? stderr : stdout);
  if (occupied)
    std::fputs(text.c_str(), stderr);
  else
    put(text);
  flush_output();
  auto errors = write_reports(report, judgement, options.files);
  if (!options.write_expectations.empty()) {
    auto written = write_report_file(options.write_expectations, proposed_expectations(report));
    if (!written) errors.push_back(written.error());
  }
  for (const Error& error : errors) complain(error.message);
  return end_output(errors.empty() ? exit_status(report, judgement) : exit_suite_broke);
}

}  // namespace assay::conformance
