#include "conformance/mutation/operator_score.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

using Fate = JudgedChange::Fate;

struct Row {
  std::size_t mutants = 0, unreached = 0, caught = 0, survived = 0;

  void add(Fate fate) {
    ++mutants;
    ++(fate == Fate::unreached ? unreached : fate == Fate::survived ? survived : caught);
  }
  // Of all, unreached ones included: what nobody looks at is not caught either.
  std::string score() const {
    return mutants == 0 ? "-"
                        : fmt::format("{:.0f} %", 100.0 * static_cast<double>(caught) / static_cast<double>(mutants));
  }
};

std::map<std::string, Row> rows_of(const OperatorScore& score, std::string (*name)(const PlantedChange&)) {
  std::map<std::string, Row> rows;
  for (const JudgedChange& judged : score.changes) rows[name(judged.change)].add(judged.fate);
  return rows;
}

std::string area_name(const PlantedChange& change) {
  return change.area();
}

std::string operator_name(const PlantedChange& change) {
  return change.operation;
}

Row total_of(const OperatorScore& score) {
  Row total;
  for (const JudgedChange& judged : score.changes) total.add(judged.fate);
  return total;
}

std::string change_text(const PlantedChange& change) {
  if (change.original.empty()) return "put in: " + change.changed;
  if (change.changed.empty()) return "removed: " + change.original;
  return fmt::format("{}  ->  {}", change.original, change.changed);
}

std::string measured(const OperatorScore& score) {
  const std::string which = score.per_area == 0
                                ? "all of them"
                                : fmt::format("at most {} of each area, chosen by seed {}", score.per_area, score.seed);
  return fmt::format(
      "{} changes planted in one program; run: {} ({}). Judged by the {} tests of profile {} that pass "
      "without a change; commit {}.",
      score.planted, score.changes.size(), which, score.tests, score.profile, score.commit);
}

std::string markdown_table(const std::map<std::string, Row>& rows, const char* head, const Row* total) {
  std::string out = fmt::format("| {} | mutants | unreached | caught | survived | score |\n", head);
  out += "| --- | ---: | ---: | ---: | ---: | ---: |\n";
  const auto add = [&](const std::string& name, const Row& row) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", name, row.mutants, row.unreached, row.caught, row.survived,
                       row.score());
  };
  for (const auto& [name, row] : rows) add(name, row);
  if (total) add("**all**", *total);
  return out + "\n";
}

// A cell of a table: code that holds a bar or a backquote would end it.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "&#124;" : c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return "<code>" + out + "</code>";
}

std::string markdown_list(const OperatorScore& score, Fate fate) {
  std::string out;
  for (const JudgedChange& judged : score.changes) {
    if (judged.fate != fate) continue;
    const PlantedChange& change = judged.change;
    out += fmt::format("| {}:{} | {} | {} | {} |\n", change.file, change.line, change.operation,
                       change.original.empty() ? "" : cell(change.original),
                       change.changed.empty() ? "" : cell(change.changed));
  }
  if (out.empty()) return "None.\n\n";
  return "| where | operator | original | changed |\n| --- | --- | --- | --- |\n" + out + "\n";
}

}  // namespace

std::string_view to_text(Fate fate) {
  switch (fate) {
    case Fate::unreached:
      return "unreached";
    case Fate::caught:
      return "caught";
    case Fate::hung:
      return "hung";
    case Fate::survived:
      return "survived";
  }
  return "";
}

std::string score_as_text(const OperatorScore& score) {
  std::string out;
  for (const JudgedChange& judged : score.changes) {
    if (judged.fate == Fate::survived || judged.fate == Fate::unreached)
      out += fmt::format("{}:{}: {}: {}: {}\n", judged.change.file, judged.change.line, to_text(judged.fate),
                         judged.change.operation, change_text(judged.change));
  }
  out += fmt::format("{:<16} {:>8} {:>10} {:>7} {:>9} {:>6}\n", "area", "mutants", "unreached", "caught", "survived",
                     "score");
  const auto add = [&](const std::string& name, const Row& row) {
    out += fmt::format("{:<16} {:>8} {:>10} {:>7} {:>9} {:>6}\n", name, row.mutants, row.unreached, row.caught,
                       row.survived, row.score());
  };
  for (const auto& [name, row] : rows_of(score, area_name)) add(name, row);
  add("all", total_of(score));
  return out + measured(score) + "\n";
}

std::string score_as_page(const OperatorScore& score) {
  const Row total = total_of(score);
  std::string out = "# Mutation score\n\n";
  out +=
      "Generic one-line changes of the reference that nobody wrote by hand, all planted in one program "
      "([user guide](user-guide.md#mutants)). This page is made by\n\n";
  out += fmt::format("    {}\n\n{}\n\n", score.command, measured(score));
  out +=
      "*Unreached*: no test comes to the changed line. *Caught*: a test that reaches it fails, or does not end. The "
      "score counts all mutants, unreached ones and those that change nothing that can be observed included.\n\n";
  out += markdown_table(rows_of(score, area_name), "area", &total);
  out += markdown_table(rows_of(score, operator_name), "operator", nullptr);
  out += "## Survivors\n\n" + markdown_list(score, Fate::survived);
  out += "## Unreached\n\n" + markdown_list(score, Fate::unreached);
  return out;
}

std::string score_as_json(const OperatorScore& score) {
  Json changes = Json::array();
  for (const JudgedChange& judged : score.changes) {
    const PlantedChange& change = judged.change;
    changes.push_back({{"id", change.id},
                       {"area", change.area()},
                       {"file", change.file},
                       {"line", change.line},
                       {"operator", change.operation},
                       {"original", change.original},
                       {"changed", change.changed},
                       {"fate", to_text(judged.fate)},
                       {"test", judged.test},
                       {"tests", judged.tests},
                       {"seconds", judged.seconds}});
  }
  Json areas = Json::object();
  for (const auto& [name, row] : rows_of(score, area_name))
    areas[name] = {
        {"mutants", row.mutants}, {"unreached", row.unreached}, {"caught", row.caught}, {"survived", row.survived}};
  const Json json{{"schema", 1},
                  {"command", score.command},
                  {"commit", score.commit},
                  {"profile", score.profile},
                  {"tests", score.tests},
                  {"planted", score.planted},
                  {"sample", score.per_area},
                  {"seed", score.seed},
                  {"areas", std::move(areas)},
                  {"mutants", std::move(changes)}};
  return json.dump(2) + "\n";
}

}  // namespace assay::conformance
