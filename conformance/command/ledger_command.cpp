#include "conformance/command/ledger_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/contract.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/command/selection.h"
#include "conformance/mutation/mutant.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/matrix.h"
#include "conformance/reports/report_file.h"
#include "conformance/reports/version_matrix.h"

namespace assay::conformance {
namespace {

struct Row {
  const Clause* clause;
  std::string strength;
  std::vector<std::string> tests;
  std::vector<std::string> mutants;
  std::map<std::string, std::string> verdicts;  // by target
};

Expected<std::vector<SavedReport>> read_reports(const std::vector<std::string>& files) {
  std::vector<SavedReport> reports;
  for (const std::string& file : files) {
    reports.push_back(ASSAY_TRY(read_report(file)));
  }
  return reports;
}

Row make_row(const Clause& clause, const Contract& contract, const std::vector<SavedReport>& reports) {
  Row row{&clause, std::string(to_text(contract.strength(clause))), {}, {}, {}};
  for (const TestCase& test : all_tests()) {
    if (std::count(test.clauses.begin(), test.clauses.end(), clause.id) > 0) row.tests.push_back(test.id);
  }
  row.mutants = mutants_that_break(clause.id);
  for (const SavedReport& report : reports) {
    const auto verdict = report.clauses.find(std::string(clause.id));
    if (verdict != report.clauses.end()) row.verdicts[report.report.target.name] = to_text(verdict->second);
  }
  return row;
}

// Untested clauses first, the binding ones before the others; then by the order of the specification.
int order(const Row& row) {
  if (!row.clause->unobservable.empty()) return 4;
  if (!row.tests.empty()) return 3;
  return row.strength == "must" ? 0 : row.strength == "should" ? 1 : 2;
}

Json to_json(const Row& row) {
  return Json{{"clause", row.clause->id},       {"title", row.clause->title},
              {"strength", row.strength},       {"tests", row.tests},
              {"mutants", row.mutants},         {"verdicts", row.verdicts},
              {"feature", row.clause->feature}, {"reason", row.clause->unobservable}};
}

void print(const Row& row) {
  std::string what = fmt::format("{} test{}", row.tests.size(), row.tests.size() == 1 ? "" : "s");
  if (row.tests.empty())
    what =
        row.clause->unobservable.empty() ? "untested" : fmt::format("cannot be observed: {}", row.clause->unobservable);
  for (const auto& [target, verdict] : row.verdicts) what += fmt::format(", {}: {}", target, verdict);
  if (!row.mutants.empty()) what += fmt::format(", mutants {}", fmt::join(row.mutants, " "));
  say("{:<12} {:<7} {:<60.60} {}\n", row.clause->id, row.strength, row.clause->title, what);
}

// With the strength that it has under the strictest of the reports' contracts.
std::vector<ClauseInfo> clauses_under_any(const std::vector<SavedReport>& reports) {
  std::vector<ClauseInfo> result = clauses_under("portable", "");
  const auto strength = [](const ClauseInfo& clause) {
    return strength_named(clause.strength).value_or(Strength::may);
  };
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto clauses = clauses_under(reports[i].report.contract, reports[i].report.target.php);
    for (std::size_t j = 0; j < clauses.size(); ++j) {
      if (i == 0 || strength(clauses[j]) < strength(result[j])) result[j].strength = clauses[j].strength;
    }
  }
  return result;
}

}  // namespace

int ledger(const std::vector<std::string>& areas, const std::string& contract, const std::vector<std::string>& files,
           bool json) {
  const auto chosen = Contract::named(contract.empty() ? "portable" : contract);
  if (!chosen) {
    complain(fmt::format("--contract {}: unknown; contracts are {}", contract, fmt::join(Contract::names(), ", ")));
    return exit_wrong_use;
  }
  auto reports = read_reports(files);
  if (!reports) {
    complain(reports.error().message);
    return exit_wrong_use;
  }
  if (auto known = check_areas(areas); !known) {
    complain(known.error().message);
    return exit_wrong_use;
  }
  if (!all_mutants()) {
    complain(all_mutants().error().message);
    return exit_suite_broke;
  }
  std::vector<Row> rows;
  for (const Clause& clause : all_clauses()) {
    const bool wanted = areas.empty() || std::count(areas.begin(), areas.end(), to_text(clause.area)) > 0;
    if (wanted) rows.push_back(make_row(clause, *chosen, *reports));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return order(a) < order(b); });
  if (json) {
    Json list = Json::array();
    for (const Row& row : rows) list.push_back(to_json(row));
    say("{}\n", list.dump(2));
    return 0;
  }
  std::size_t tested = 0, unobservable = 0;
  for (const Row& row : rows) {
    print(row);
    if (!row.tests.empty())
      ++tested;
    else if (!row.clause->unobservable.empty())
      ++unobservable;
  }
  say("{} clauses: {} with tests, {} that cannot be observed, {} untested\n", rows.size(), tested, unobservable,
      rows.size() - tested - unobservable);
  return 0;
}

int matrix(const std::vector<std::string>& files, const std::string& html_file, bool versions) {
  auto reports = read_reports(files);
  if (!reports) {
    complain(reports.error().message);
    return exit_wrong_use;
  }
  if (versions) {
    put(version_matrix(*reports));
    return 0;
  }
  const auto catalogue = clauses_under_any(*reports);
  if (html_file.empty()) {
    put(matrix_markdown(*reports, catalogue));
    return 0;
  }
  if (auto written = write_report_file(html_file, matrix_html(*reports, catalogue)); !written) {
    complain(written.error().message);
    return exit_suite_broke;
  }
  return 0;
}

}  // namespace assay::conformance
