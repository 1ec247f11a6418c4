#include "conformance/reports/matrix.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conformance/registry/test_case.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/page_script.h"
#include "conformance/reports/page_style.h"
#include "conformance/reports/report_view.h"

namespace assay::conformance {
namespace {

constexpr char differences[] = "Differences";

struct MatrixRow {
  std::string clause, title, area;
  const ClauseInfo* info = nullptr;           // of the catalogue; nullptr: not in it
  std::vector<std::optional<Verdict>> cells;  // one for each report

  // Where it holds for one target and fails for another. That one was not asked, or answered nothing, is no difference.
  bool differs() const {
    const auto any = [&](Verdict a, Verdict b) {
      return std::any_of(cells.begin(), cells.end(), [&](const auto& cell) { return cell == a || cell == b; });
    };
    return any(Verdict::pass, Verdict::unexpected_pass) && any(Verdict::fail, Verdict::known_deviation);
  }
};

std::vector<MatrixRow> rows_of(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::map<std::string, MatrixRow> rows;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    for (const auto& [id, verdict] : reports[i].clauses) {
      MatrixRow& row = rows[id];
      row.cells.resize(reports.size());
      row.cells[i] = verdict;
    }
  }
  std::vector<MatrixRow> result;
  const auto take = [&](const std::string& id, const std::string& title, const std::string& area,
                        const ClauseInfo* info) {
    const auto found = rows.find(id);
    if (found == rows.end()) return;
    found->second.clause = id;
    found->second.title = title;
    found->second.area = area;
    found->second.info = info;
    result.push_back(std::move(found->second));
    rows.erase(found);
  };
  for (const ClauseInfo& clause : catalogue) take(clause.id, clause.title, clause.area, &clause);
  while (!rows.empty())
    take(std::string(rows.begin()->first), "not in the catalogue", area_of(rows.begin()->first), nullptr);
  return result;
}

// (heading, rows): what differs, then the rest by area.
std::vector<std::pair<std::string, std::vector<MatrixRow>>> groups_of(const std::vector<MatrixRow>& rows) {
  std::vector<std::pair<std::string, std::vector<MatrixRow>>> groups = {{differences, {}}};
  for (const MatrixRow& row : rows) {
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

}  // namespace

std::string matrix_markdown(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::string head = "| clause |", rule = "| --- |", verdicts = "| **verdict** |";
  for (const SavedReport& saved : reports) {
    head += " " + escape_markdown(column_of(saved)) + " |";
    rule += " --- |";
    verdicts += fmt::format(" **{} {}** |", symbol_of(saved.verdict), to_text(saved.verdict));
  }
  std::string out = "# Conformance matrix\n\n" + head + "\n" + rule + "\n" + verdicts + "\n";
  for (const auto& [heading, rows] : groups_of(rows_of(reports, catalogue))) {
    out += "\n## " + escape_markdown(heading) + "\n\n" + head + "\n" + rule + "\n";
    for (const MatrixRow& row : rows) {
      out += fmt::format("| {} {} ({}) |", escape_markdown(row.clause), escape_markdown(row.title),
                         row.info ? row.info->strength : "must");
      for (const auto& cell : row.cells) out += " " + cell_text(cell) + " |";
      out += "\n";
    }
  }
  return out;
}

namespace {

const char* css_of(RunVerdict verdict) {
  return verdict == RunVerdict::conforms ? "good" : verdict == RunVerdict::violates ? "bad" : "warn";
}

std::string table_head(const std::vector<SavedReport>& reports) {
  std::string out = "<thead><tr><th>clause</th>";
  for (const SavedReport& saved : reports) {
    out += fmt::format("<th class=\"{}\">{}<b>{} {}</b></th>", css_of(saved.verdict), escape_markup(column_of(saved)),
                       symbol_of(saved.verdict), to_text(saved.verdict));
  }
  return out + "</tr></thead>\n";
}

// The words that the filter looks for.
std::string verdicts_in(const MatrixRow& row) {
  std::set<std::string> words;
  for (const auto& cell : row.cells) words.insert(cell ? std::string(to_text(*cell)) : "not asked");
  return fmt::format("{}", fmt::join(words, ","));
}

std::string table_row(const MatrixRow& row, const std::vector<SavedReport>& reports) {
  const std::string strength = row.info ? row.info->strength : "must";
  std::string out = fmt::format(
      "<tr class=\"item\" data-verdict=\"{}\" data-strength=\"{}\" data-text=\"{} {}\"><th scope=\"row\">"
      "<details id=\"{}\"><summary><code>{}</code> {} <span class=\"tag\">{}</span></summary>",
      verdicts_in(row), escape_markup(strength), escape_markup(row.clause), escape_markup(row.title),
      escape_markup(row.clause), escape_markup(row.clause), escape_markup(row.title), escape_markup(strength));
  if (row.info) {
    out += fmt::format("<p class=\"statement\">{}</p><p class=\"note\">{}:{}</p>", escape_markup(row.info->statement),
                       escape_markup(row.info->file), row.info->line);
  }
  out += "</details></th>";
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    out += fmt::format("<td class=\"{}\" data-target=\"{}\">{}</td>", cell_class(row.cells[i]),
                       escape_markup(reports[i].report.target.name), cell_text(row.cells[i]));
  }
  return out + "</tr>\n";
}

constexpr char filters[] = R"html(<form id="tools" class="tools" hidden>
<input type="search" placeholder="Find a clause…" aria-label="Find">
<fieldset><legend>Verdict</legend><label><input type="checkbox" name="verdict" value="fail"><span class="bad">✗ fail</span></label><label><input type="checkbox" name="verdict" value="known deviation"><span class="known">≠ known deviation</span></label><label><input type="checkbox" name="verdict" value="pass"><span class="good">✓ pass</span></label><label><input type="checkbox" name="verdict" value="inconclusive"><span class="warn">? inconclusive</span></label><label><input type="checkbox" name="verdict" value="skip"><span class="none">– skip</span></label></fieldset>
<fieldset><legend>Strength</legend><label><input type="checkbox" name="strength" value="must"><span>must</span></label><label><input type="checkbox" name="strength" value="should"><span>should</span></label><label><input type="checkbox" name="strength" value="may"><span>may</span></label></fieldset>
<output id="hits" aria-live="polite"></output>
</form>
)html";

}  // namespace

std::string matrix_html(const std::vector<SavedReport>& reports, const std::vector<ClauseInfo>& catalogue) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src "
      "'unsafe-inline'\"><title>Conformance matrix – Assay</title><style>{}{}</style></head>\n<body><main "
      "class=\"page\">\n"
      "<h1>Conformance matrix</h1>\n<ul class=\"targets\">",
      page_style, matrix_style);
  for (const SavedReport& saved : reports) {
    out += fmt::format("<li class=\"{}\"><b>{} {}</b> {}<span class=\"reason\">{}</span></li>", css_of(saved.verdict),
                       symbol_of(saved.verdict), to_text(saved.verdict), escape_markup(column_of(saved)),
                       escape_markup(saved.why));
  }
  out += fmt::format("</ul>\n{}", filters);
  for (const auto& [heading, rows] : groups_of(rows_of(reports, catalogue))) {
    const bool first = heading == differences;
    out += fmt::format(
        "<section><details class=\"{}\"{}><summary><h2>{} <small>{}</small></h2></summary>{}<table "
        "class=\"matrix\">{}<tbody>\n",
        first ? "differences" : "fold", first ? " open" : "", escape_markup(heading), rows.size(),
        first ? "<p class=\"note\">Holds for one target and fails for another.</p>" : "", table_head(reports));
    for (const MatrixRow& row : rows) out += table_row(row, reports);
    out += "</tbody></table></details></section>\n";
  }
  return out + fmt::format("</main><script>{}</script></body></html>\n", page_script);
}

}  // namespace assay::conformance
