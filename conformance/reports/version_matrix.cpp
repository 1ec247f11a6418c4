#include "conformance/reports/version_matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/catalogue/catalogue.h"
#include "conformance/reports/clause_info.h"
#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

enum class Cell { none, holds, fails, not_in_force, open };

struct VersionRow {
  const Clause* clause;
  std::vector<Cell> cells;         // one for each report
  std::vector<std::string> why{};  // each once
};

Cell cell_of(const SavedReport& saved, const Clause& clause) {
  const auto found = saved.clauses.find(std::string(clause.id));
  if (found == saved.clauses.end()) return Cell::none;
  switch (found->second) {
    case Verdict::pass:
    case Verdict::unexpected_pass:
      return Cell::holds;
    case Verdict::fail:
    case Verdict::known_deviation:
      return Cell::fails;
    case Verdict::skip:
      return contract_for(saved.report.contract, saved.report.target.php).in_force(clause) ? Cell::none
                                                                                           : Cell::not_in_force;
    default:
      return Cell::open;
  }
}

// Why a listed failure is one, "REASON (LINK)", is in front of what was seen.
std::string reason_of(const TestResult& result) {
  constexpr std::string_view kEndOfLink = "): ";
  const std::size_t end =
      result.verdict == Verdict::known_deviation ? result.reason.find(kEndOfLink) : std::string::npos;
  return end == std::string::npos ? result.test + ": " + result.reason : result.reason.substr(0, end + 1);
}

void add_reasons(const SavedReport& saved, VersionRow& row) {
  for (const TestResult& result : saved.report.results) {
    const auto verdicts = clause_verdicts(result);
    const auto found = verdicts.find(std::string(row.clause->id));
    if (found == verdicts.end() || (found->second != Verdict::fail && found->second != Verdict::known_deviation))
      continue;
    const std::string reason = reason_of(result);
    if (std::find(row.why.begin(), row.why.end(), reason) == row.why.end()) row.why.push_back(reason);
  }
}

bool any(const VersionRow& row, Cell cell) {
  return std::find(row.cells.begin(), row.cells.end(), cell) != row.cells.end();
}

std::string explanation(const VersionRow& row) {
  std::string text = any(row, Cell::not_in_force) ? "Holds " + validity_text(*row.clause) + "." : "";
  for (const std::string& why : row.why) text += (text.empty() ? "" : " ") + escape_markdown(why) + ".";
  return text;
}

const char* text_of(Cell cell) {
  switch (cell) {
    case Cell::holds:
      return "✓";
    case Cell::fails:
      return "✗";
    case Cell::not_in_force:
      return "–";
    case Cell::open:
      return "?";
    case Cell::none:
      break;
  }
  return "";
}

std::string table(const std::vector<SavedReport>& reports, const std::vector<VersionRow>& rows) {
  std::string head = "| clause |", rule = "| --- |";
  for (const SavedReport& saved : reports) {
    head += " " + escape_markdown(saved.report.target.version) + " |";
    rule += " --- |";
  }
  std::string out = head + " what it is |\n" + rule + " --- |\n";
  for (const VersionRow& row : rows) {
    out += fmt::format("| {} {} |", row.clause->id, escape_markdown(std::string(row.clause->title)));
    for (const Cell cell : row.cells) out += fmt::format(" {} |", text_of(cell));
    out += " " + explanation(row) + " |\n";
  }
  return out;
}

std::string verdicts(const std::vector<SavedReport>& reports) {
  std::string out = "| version | contract | verdict |\n| --- | --- | --- |\n";
  for (const SavedReport& saved : reports)
    out += fmt::format("| {} {} | {} | {}: {} |\n", escape_markdown(saved.report.target.name),
                       escape_markdown(saved.report.target.version), escape_markdown(saved.report.contract),
                       to_text(saved.verdict), escape_markdown(saved.why));
  return out;
}

}  // namespace

std::string version_matrix(const std::vector<SavedReport>& reports) {
  std::vector<VersionRow> differing, common;
  std::size_t same = 0;
  for (const Clause& clause : all_clauses()) {
    VersionRow row{&clause, {}};
    for (const SavedReport& saved : reports) row.cells.push_back(cell_of(saved, clause));
    for (const SavedReport& saved : reports) add_reasons(saved, row);
    const bool fails = any(row, Cell::fails);
    if (any(row, Cell::holds) && !fails && !any(row, Cell::not_in_force)) ++same;
    if (any(row, Cell::holds) ? fails || any(row, Cell::not_in_force) : fails && any(row, Cell::not_in_force))
      differing.push_back(std::move(row));
    else if (fails)
      common.push_back(std::move(row));
  }
  std::string out = verdicts(reports) + "\n## What differs\n\n" + table(reports, differing);
  if (!common.empty()) out += "\n## What all of them break\n\n" + table(reports, common);
  return out + fmt::format("\nClauses that hold wherever they were asked: {}.\n", same);
}

}  // namespace assay::conformance
