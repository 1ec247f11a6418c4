#include "conformance/reports/page_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/failure_details.h"
#include "conformance/reports/failure_lanes.h"
#include "conformance/reports/report_view.h"

namespace assay::conformance {
namespace {

// The strengths of all clauses that a test looked at, for the filter: "must should".
std::string strengths_of(const RunJudgement& judgement, const TestResult& result) {
  std::string out;
  for (const char* strength : {"must", "should", "may"}) {
    const auto verdicts = clause_verdicts(result);
    const bool any = std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& entry) {
      const ClauseJudgement* clause = judgement.find(entry.first);
      const bool decided_here = entry.second == result.verdict || result.verdict == Verdict::pass;
      return clause && decided_here && clause->clause.strength == strength;
    });
    if (any) out += (out.empty() ? "" : " ") + std::string(strength);
  }
  return out;
}

std::string files_of(const RunReport& report, const TestResult& result) {
  const auto found = report.reproducers.find(result.test);
  if (found == report.reproducers.end()) return "";
  const Reproducer& files = found->second;
  std::string out = files.trace_file.empty() ? "" : "Trace: " + files.trace_file;
  if (!files.phpt_file.empty())
    out += " · PHPT: " + files.phpt_file;
  else if (!files.no_phpt.empty())
    out += " · No PHPT: " + files.no_phpt;
  return out;
}

PageData row_part(const FailureLanes::Row& row, std::int64_t clock_before) {
  constexpr const char* classes[] = {"idle", "acts", "runs"};
  PageData item, lanes(PageData::type::list);
  for (std::size_t worker = 0; worker < row.lanes.size(); ++worker) {
    PageData lane;
    lane.set("state", classes[static_cast<int>(row.lanes[worker])]);
    lane.set("worker", fmt::format("{}", worker));
    lanes.push_back(lane);
  }
  item.set("lanes", lanes);
  item.set("number", row.number);
  item.set("who", row.worker < 0 ? "" : fmt::format("W{}", row.worker));
  item.set("text", row.text);
  item.set("clock", row.clock == clock_before ? PageData(false) : PageData(fmt::format("{:+} s", row.clock)));
  item.set("failed", PageData(row.failed));
  return item;
}

// Lanes where the lines are a trace with workers, else the lines.
void set_trace(PageData& entry, const FailureDetails& details) {
  const FailureLanes lanes = lanes_of(details.lines);
  const bool has_lanes = lanes.workers > 0;
  PageData rows(PageData::type::list), head(PageData::type::list), lines(PageData::type::list);
  std::int64_t clock = 0;
  for (const FailureLanes::Row& row : lanes.rows) {
    rows.push_back(row_part(row, clock));
    clock = row.clock;
  }
  for (const std::string& line : lanes.head) head.push_back(page_text(line));
  for (const FailureDetails::Line& line : details.lines) {
    PageData item;
    item.set("text", line.text);
    item.set("failed", PageData(line.failed));
    lines.push_back(item);
  }
  PageData names(PageData::type::list);
  for (int worker = 0; worker < lanes.workers; ++worker) names.push_back(PageData(fmt::format("{}", worker)));
  entry.set("has_lanes", PageData(has_lanes));
  entry.set("rows", rows);
  entry.set("head", head);
  entry.set("has_head", PageData(!lanes.head.empty()));
  entry.set("workers", names);
  entry.set("has_lines", PageData(!has_lanes && !details.lines.empty()));
  entry.set("lines", lines);
}

}  // namespace

PageData page_text(const std::string& bytes) {
  return PageData(clean_text(bytes));
}

PageData page_optional(const std::string& bytes) {
  return bytes.empty() ? PageData(false) : page_text(bytes);
}

const char* class_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "good";
    case Verdict::fail:
    case Verdict::error:
      return "bad";
    case Verdict::unexpected_pass:
    case Verdict::inconclusive:
      return "warn";
    case Verdict::known_deviation:
      return "known";
    case Verdict::skip:
      return "none";
  }
  return "none";
}

const char* class_of(RunVerdict verdict) {
  return verdict == RunVerdict::conforms ? "good" : verdict == RunVerdict::violates ? "bad" : "warn";
}

std::string anchor_of(const TestResult& result) {
  return "t-" + slug_of(result.test);
}

std::string link_in(const std::string& text) {
  const auto begin = std::min(text.find("https://"), text.find("http://"));
  return begin == std::string::npos ? "" : text.substr(begin, text.find_first_of(" \t\n)>\"", begin) - begin);
}

PageData test_line(const RunJudgement& judgement, const TestResult& result) {
  PageData line;
  line.set("test", page_text(result.test));
  line.set("test_title", page_optional(title_of(result.test)));
  line.set("anchor", anchor_of(result));
  line.set("class", class_of(result.verdict));
  line.set("symbol", symbol_of(result.verdict));
  line.set("word", std::string(to_text(result.verdict)));
  line.set("strengths", strengths_of(judgement, result));
  line.set("reason", page_optional(result.reason));
  line.set("link", page_optional(link_in(result.reason)));
  return line;
}

PageData failure_part(const RunReport& report, const RunJudgement& judgement, const TestResult& result) {
  PageData entry = test_line(judgement, result);
  PageData clauses(PageData::type::list);
  std::string names;
  for (const ClauseJudgement* broken : clauses_of(judgement, result)) {
    PageData clause;
    clause.set("clause", page_text(broken->clause.id));
    clause.set("strength", page_text(broken->clause.strength));
    clause.set("title", page_text(broken->clause.title));
    clause.set("statement", page_optional(broken->clause.statement));
    clauses.push_back(clause);
    names += " " + broken->clause.id + " " + broken->clause.title;
  }
  entry.set("clauses", clauses);
  entry.set("search", page_text(result.test + " " + title_of(result.test) + names + " " + result.reason));
  const FailureDetails details = take_apart(clean_text(result.details));
  entry.set("compare", PageData(!details.expected.empty()));
  entry.set("expected", page_text(details.expected));
  entry.set("actual", page_text(details.actual));
  set_trace(entry, details);
  entry.set("log", page_optional(details.log));
  entry.set("replay", page_text(replay_command(report, result)));
  entry.set("files", page_optional(files_of(report, result)));
  return entry;
}

}  // namespace assay::conformance
