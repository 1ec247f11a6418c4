#include "conformance/reports/matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/test_case.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/page_style.h"
#include "conformance/reports/report_view.h"

namespace assay::conformance {
namespace {

struct Row {
  std::string clause, title, area;
  std::vector<std::optional<Verdict>> cells;  // one for each report

  bool differs() const {
    return std::any_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell != cells.front(); });
  }
};

std::vector<Row> rows_of(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::map<std::string, Row> rows;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    for (const auto& [id, verdict] : reports[i].clauses) {
      Row& row = rows[id];
      row.cells.resize(reports.size());
      row.cells[i] = verdict;
    }
  }
  std::vector<Row> result;
  const auto take = [&](const std::string& id, const std::string& title, const std::string& area) {
    const auto found = rows.find(id);
    if (found == rows.end()) return;
    found->second.clause = id;
    found->second.title = title;
    found->second.area = area;
    result.push_back(std::move(found->second));
    rows.erase(found);
  };
  for (const ClauseInfo& clause : catalogue) take(clause.id, clause.title, clause.area);
  while (!rows.empty()) take(std::string(rows.begin()->first), "not in the catalogue", area_of(rows.begin()->first));
  return result;
}

// (heading, rows): what differs, then the rest by area.
std::vector<std::pair<std::string, std::vector<Row>>> groups_of(const std::vector<Row>& rows) {
  std::vector<std::pair<std::string, std::vector<Row>>> groups = {{"Differences", {}}};
  for (const Row& row : rows) {
    const std::string heading = row.differs() ? groups.front().first : row.area;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == heading; });
    if (group == groups.end()) group = groups.insert(groups.end(), {heading, {}});
    group->second.push_back(row);
  }
  if (groups.front().second.empty()) groups.erase(groups.begin());
  return groups;
}

std::string column_of(const SavedReport& saved) {
  return fmt::format("{} {} ({})", saved.report.target.name, saved.report.target.version, saved.report.contract);
}

std::string cell_text(const std::optional<Verdict>& verdict) {
  return verdict ? fmt::format("{} {}", symbol_of(*verdict), to_text(*verdict)) : "";
}

const char* cell_class(const std::optional<Verdict>& verdict) {
  if (!verdict || *verdict == Verdict::skip) return "none";
  if (*verdict == Verdict::pass) return "good";
  if (*verdict == Verdict::known_deviation) return "known";
  return *verdict == Verdict::fail || *verdict == Verdict::error ? "bad" : "warn";
}

std::string markdown(const std::string& text) {
  std::string out;
  for (const char c : clean_line(text)) {
    if (std::string_view("\\|*_`<>[]#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string matrix_markdown(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::string head = "| clause |", rule = "| --- |", verdicts = "| **verdict** |";
  for (const SavedReport& saved : reports) {
    head += " " + markdown(column_of(saved)) + " |";
    rule += " --- |";
    verdicts += fmt::format(" **{} {}** |", symbol_of(saved.verdict), to_text(saved.verdict));
  }
  std::string out = "# Conformance matrix\n\n" + head + "\n" + rule + "\n" + verdicts + "\n";
  for (const auto& [heading, rows] : groups_of(rows_of(reports, catalogue))) {
    out += "\n## " + markdown(heading) + "\n\n" + head + "\n" + rule + "\n";
    for (const Row& row : rows) {
      out += fmt::format("| {} {} |", markdown(row.clause), markdown(row.title));
      for (const auto& cell : row.cells) out += " " + cell_text(cell) + " |";
      out += "\n";
    }
  }
  return out;
}

std::string matrix_html(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
      "<title>Conformance matrix – Assay</title><style>{}{}</style></head>\n<body><main class=\"page\">\n"
      "<h1>Conformance matrix</h1>\n<table class=\"matrix\"><thead><tr><th>clause</th>",
      page_style, matrix_style);
  for (const SavedReport& saved : reports) {
    const char* css = saved.verdict == RunVerdict::conforms   ? "good"
                      : saved.verdict == RunVerdict::violates ? "bad"
                                                              : "warn";
    out += fmt::format("<th class=\"{}\">{}<b>{} {}</b></th>", css, escape_markup(column_of(saved)),
                       symbol_of(saved.verdict), to_text(saved.verdict));
  }
  out += "</tr></thead>\n";
  for (const auto& [heading, rows] : groups_of(rows_of(reports, catalogue))) {
    out += fmt::format("<tbody><tr><th class=\"heading\" colspan=\"{}\">{} <small>{}</small></th></tr>\n",
                       reports.size() + 1, escape_markup(heading), rows.size());
    for (const Row& row : rows) {
      out += fmt::format("<tr><th scope=\"row\"><code>{}</code> {}</th>", escape_markup(row.clause),
                         escape_markup(row.title));
      for (const auto& cell : row.cells)
        out += fmt::format("<td class=\"{}\">{}</td>", cell_class(cell), cell_text(cell));
      out += "</tr>\n";
    }
    out += "</tbody>\n";
  }
  return out + "</table></main></body></html>\n";
}

}  // namespace assay::conformance
