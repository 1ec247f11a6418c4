#include "conformance/reports/terminal_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/failure_details.h"
#include "conformance/reports/report_view.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {
namespace {

std::string wrapped(const std::string& text, std::size_t columns, const std::string& indent) {
  std::string out, line = indent;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (line.size() + word.size() + 1 > columns && line.size() > indent.size()) {
      out += line + "\n";
      line = indent;
    }
    line += (line.size() > indent.size() ? " " : "") + word;
  }
  return out + line + "\n";
}

std::string indented(const std::string& text, const std::string& indent) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += indent + line + "\n";
  return out;
}

// What a line of a trace does, without its number and arguments: "write", "W0: include".
std::string_view deed(const std::string& line) {
  const auto begin = line.find_first_not_of(" 0123456789.");
  if (begin == std::string::npos) return {};
  return std::string_view(line).substr(begin, line.find('(', begin) - begin);
}

// How many lines from `at` on need not be shown: they do what the two lines before and the line after them do.
std::size_t folded_from(const std::vector<FailureDetails::Line>& lines, std::size_t at) {
  constexpr std::size_t shown_before = 2, worth_it = 3;
  if (at < shown_before) return 0;
  const std::string_view kind = deed(lines[at].text);
  const auto alike = [&](std::size_t i) { return i < lines.size() && !lines[i].failed && deed(lines[i].text) == kind; };
  if (kind.empty() || !alike(at - 1) || !alike(at - 2)) return 0;
  std::size_t end = at;
  while (alike(end)) ++end;
  return end - at > worth_it ? end - at - 1 : 0;
}

class TerminalPrinter {
 public:
  TerminalPrinter(const RunReport& report, const RunJudgement& judgement, const TerminalOptions& options)
      : report_(report), judgement_(judgement), options_(options), style_(options.style) {}

  std::string print() {
    failures();
    one_line_each("Unexpected passes (listed as deviations, but they pass)",
                  results_with(report_, Verdict::unexpected_pass));
    one_line_each("Errors (the suite or the adapter broke)", results_with(report_, Verdict::error));
    one_line_each("Inconclusive (no statement)", results_with(report_, Verdict::inconclusive));
    one_line_each("Failures that do not decide (of clauses that are no must)", tolerated_failures());
    one_line_each("Known deviations", results_with(report_, Verdict::known_deviation));
    skips();
    durations();
    areas();
    untested();
    last_lines();
    return std::move(out_);
  }

 private:
  std::vector<const TestResult*> tolerated_failures() const {
    auto all = results_with(report_, Verdict::fail);
    std::erase_if(all, [&](const TestResult* r) { return !is_tolerated_failure(report_, judgement_, *r); });
    return all;
  }

  void heading(const std::string& text) { out_ += style_.bold(text) + "\n"; }

  void failures() {
    auto all = results_with(report_, Verdict::fail);
    std::erase_if(all, [&](const TestResult* r) { return is_tolerated_failure(report_, judgement_, *r); });
    const std::size_t full = std::min(all.size(), options_.full_failures);
    for (std::size_t i = 0; i < full; ++i) failure_in_full(*all[i]);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(full));
    one_line_each("Further failures (all of them in full: --html or --json)", all);
  }

  void failure_in_full(const TestResult& result) {
    out_ += style_.red("FAIL") + "  " + style_.bold(clean_line(result.test)) + "\n";
    if (const std::string title = title_of(result.test); !title.empty()) out_ += "  " + clean_line(title) + "\n";
    for (const ClauseJudgement* entry : clauses_of(judgement_, result)) {
      const ClauseInfo& clause = entry->clause;
      out_ += fmt::format("  {} ({}): {}\n", clause.id, clause.strength, clean_line(clause.title));
      if (!clause.statement.empty()) out_ += wrapped(clean_text(clause.statement), options_.columns, "    ");
    }
    out_ += "\n";
    trace(result);
    out_ += "\n";
    reproduction(result);
    out_ += "\n";
  }

  void trace(const TestResult& result) {
    const FailureDetails details = take_apart(clean_text(result.details));
    for (std::size_t i = 0; i < details.lines.size(); ++i) {
      if (const std::size_t alike = folded_from(details.lines, i); alike > 0) {
        out_ += fmt::format("            ... {} more like it\n", alike);
        i += alike;
        if (i >= details.lines.size()) break;
      }
      const FailureDetails::Line& line = details.lines[i];
      const std::string marked = (line.failed ? "> " : "  ") + line.text;
      out_ += (line.failed ? style_.bold(marked) : marked) + "\n";
    }
    if (details.expected.empty()) {
      out_ += "  " + clean_text(result.reason) + "\n";
    } else {
      out_ += "\n  expected  " + style_.green(details.expected) + "\n  actual    " + style_.red(details.actual) + "\n";
    }
    if (!details.log.empty()) out_ += "\n  the target's log ends with\n" + indented(details.log, "    ");
  }

  void reproduction(const TestResult& result) {
    const auto found = report_.reproducers.find(result.test);
    const Reproducer files = found == report_.reproducers.end() ? Reproducer{result.trace_file, "", ""} : found->second;
    out_ += fmt::format("  seed    {}\n", report_.suite.seed);
    out_ += fmt::format("  replay  {}\n", style_.bold(clean_line(replay_command(report_, result))));
    if (!files.trace_file.empty()) out_ += fmt::format("  trace   {}\n", clean_line(files.trace_file));
    if (!files.phpt_file.empty())
      out_ += fmt::format("  phpt    {}\n", clean_line(files.phpt_file));
    else if (!files.no_phpt.empty())
      out_ += fmt::format("  phpt    none: {}\n", clean_line(files.no_phpt));
  }

  void one_line_each(const std::string& title, const std::vector<const TestResult*>& results) {
    if (results.empty()) return;
    heading(fmt::format("{}: {}", title, results.size()));
    for (const TestResult* result : results) {
      out_ += fmt::format("  {} {}\n", symbol_of(result->verdict), clean_line(result->test));
      if (!result->reason.empty()) out_ += style_.dim("      " + clean_line(result->reason, 300)) + "\n";
    }
    out_ += "\n";
  }

  void skips() {
    const auto reasons = skips_by_reason(report_);
    if (reasons.empty()) return;
    heading(fmt::format("Skipped: {}", judgement_.counts.at(Verdict::skip)));
    for (const auto& [reason, count] : reasons) out_ += fmt::format("{:>6}  {}\n", count, reason);
    out_ += "\n";
  }

  void durations() {
    if (options_.durations == 0) return;
    heading("Slowest tests");
    for (const TestResult* result : slowest(report_, options_.durations))
      out_ += fmt::format("{:>9.3f} s  {}\n", result->seconds, clean_line(result->test));
    out_ += "\n";
  }

  void areas() {
    heading(fmt::format("{:<12}{:>8}{:>8}{:>14}{:>10}", "Clauses", "passed", "failed", "not assessed", "no test"));
    for (const AreaSummary& area : judgement_.areas) {
      if (!area.claimed && area.passed + area.failed == 0) {
        out_ += style_.dim(fmt::format("{:<12}{:>8}", area.area, "not claimed")) + "\n";
        continue;
      }
      const std::string failed = fmt::format("{:>8}", area.failed);
      out_ += fmt::format("{:<12}{:>8}{}{:>14}{:>10}\n", area.area, area.passed,
                          area.failed > 0 ? style_.red(failed) : failed, area.not_assessed, area.untested);
    }
    out_ += "\n";
  }

  // Under a contract that binds to more than the suite tests, these are what stands between the target and the verdict.
  void untested() {
    const auto& ids = judgement_.untested_must;
    if (ids.empty()) return;
    heading(fmt::format("Must clauses that no test looked at: {}", ids.size()));
    std::string list;
    for (const std::string& id : ids) list += id + " ";
    out_ += wrapped(list, options_.columns, "  ") + "\n";
  }

  void last_lines() {
    out_ += fmt::format("Evidence: {}. Seed {}, profile {}.\n", evidence_text(judgement_.evidence), report_.suite.seed,
                        report_.suite.profile);
    if (report_.selection.is_selection())
      out_ += fmt::format("Selected: {}\n", clean_line(report_.selection.in_words()));
    if (report_.with_expectations) {
      out_ += fmt::format("Compared with the expectations: {} unexpected.\n", judgement_.unexpected.size());
    }
    out_ += fmt::format("Tests: {} in {}.\n", counts_text(judgement_), duration_text(seconds_of(report_)));
    const std::string line = verdict_line(report_, judgement_);
    const std::string word = verdict_text(report_, judgement_);
    const std::string painted = judgement_.verdict == RunVerdict::conforms   ? style_.green(word)
                                : judgement_.verdict == RunVerdict::violates ? style_.red(word)
                                                                             : style_.yellow(word);
    out_ += painted + line.substr(word.size()) + "\n";
  }

  const RunReport& report_;
  const RunJudgement& judgement_;
  const TerminalOptions& options_;
  const TerminalStyle style_;
  std::string out_;
};

}  // namespace

std::string terminal_report(const RunReport& report, const RunJudgement& judgement, const TerminalOptions& options) {
  return TerminalPrinter(report, judgement, options).print();
}

}  // namespace assay::conformance
