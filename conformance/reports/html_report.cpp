#include "conformance/reports/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/failure_details.h"
#include "conformance/reports/page_script.h"
#include "conformance/reports/page_style.h"
#include "conformance/reports/page_template.h"
#include "conformance/reports/report_view.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {
namespace {

using kainjow::mustache::data;
using Results = std::vector<const TestResult*>;

data text(const std::string& bytes) {
  return data(clean_text(bytes));
}

// A name that a section of the template can ask about: false where the text is empty.
data optional(const std::string& bytes) {
  return bytes.empty() ? data(false) : text(bytes);
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

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string anchor_of(const TestResult& result) {
  return "t-" + slug_of(result.test);
}

// The first link in a reason, if it is one that a browser may follow.
std::string link_in(const std::string& reason) {
  const auto begin = std::min(reason.find("https://"), reason.find("http://"));
  return begin == std::string::npos ? "" : reason.substr(begin, reason.find_first_of(" \t\n)>\"", begin) - begin);
}

class Page {
 public:
  Page(const RunReport& report, const RunJudgement& judgement) : report_(report), judgement_(judgement) {}

  std::string render() {
    data page;
    page.set("style", page_style);
    page.set("script", page_script);
    head(page);
    numbers(page);
    areas(page);
    failures(page);
    lists(page);
    skips(page);
    about(page);
    page.set("sections", sections_);
    kainjow::mustache::mustache tmpl{std::string(page_template)};
    return tmpl.render(page);
  }

 private:
  void head(data& page) {
    page.set("verdict", std::string(to_text(judgement_.verdict)));
    page.set("verdict_class", class_of(judgement_.verdict));
    page.set("verdict_symbol", symbol_of(judgement_.verdict));
    page.set("target", text(report_.target.name));
    page.set("version", text(report_.target.version));
    page.set("contract", text(report_.contract));
    page.set("verdict_word", capitalised(std::string(to_text(judgement_.verdict))));
    page.set("why", text(capitalised(judgement_.why)));
    page.set("started", utc_timestamp(report_.started).substr(0, 10) + " " +
                            utc_timestamp(report_.started).substr(11, 5) + " UTC");
    page.set("duration", duration_text(seconds_of(report_)));
    page.set("profile", text(report_.suite.profile));
    page.set("seed", fmt::format("{}", report_.suite.seed));
    page.set("selection", optional(report_.selection.text));
    page.set("interrupted", data(report_.interrupted));
  }

  void numbers(data& page) {
    data bar(data::type::list);
    std::string label = "Must clauses:";
    const auto part = [&](std::size_t count, const char* css, const char* symbol, const char* words) {
      if (count == 0) return;
      data entry;
      entry.set("count", fmt::format("{}", count));
      entry.set("number", grouped(count));
      entry.set("class", css);
      entry.set("symbol", symbol);
      entry.set("label", words);
      bar.push_back(entry);
      label += fmt::format(" {} {};", count, words);
    };
    const RunJudgement& j = judgement_;
    part(j.passed_must.size(), "good", "✓", "must clauses hold");
    part(j.failed_must.size(), "bad", "✗", "failed");
    part(j.unassessed_must.size(), "warn", "?", "in scope could not be assessed");
    part(j.untested_must.size(), "none", "○", "in scope had no test in this run");
    page.set("bar", bar);
    page.set("bar_label", label);

    data tiles(data::type::list);
    const auto tile = [&](std::uint64_t value, const char* words, bool always = false) {
      if (value == 0 && !always) return;
      data entry;
      entry.set("value", grouped(value));
      entry.set("label", words);
      tiles.push_back(entry);
    };
    tile(report_.results.size(), "tests", true);
    tile(static_cast<std::uint64_t>(j.counts.at(Verdict::pass)), "passed", true);
    tile(static_cast<std::uint64_t>(j.counts.at(Verdict::fail)), "failed", true);
    tile(static_cast<std::uint64_t>(j.counts.at(Verdict::known_deviation)), "known deviations");
    tile(static_cast<std::uint64_t>(j.counts.at(Verdict::skip)), "skipped");
    tile(j.evidence.traces, "traces");
    tile(j.evidence.operations, "operations");
    tile(j.evidence.interleavings, "interleavings");
    tile(j.evidence.faults_fired, "faults fired");
    tile(j.evidence.crash_states, "crash states");
    page.set("numbers", tiles);
    const std::string compared = fmt::format("Compared with the expectations: {} unexpected.", j.unexpected.size());
    page.set("expectations", report_.with_expectations ? data(compared) : data(false));
  }

  // One group of clauses in an area: a verdict, or "no test".
  void areas(data& page) {
    data list(data::type::list);
    std::string not_claimed;
    for (const AreaSummary& summary : judgement_.areas) {
      if (!summary.claimed && summary.passed + summary.failed == 0) {
        not_claimed +=
            fmt::format("{}{} ({} clauses)", not_claimed.empty() ? "" : ", ", summary.area, summary.not_claimed);
        continue;
      }
      data area;
      area.set("area", text(summary.area));
      area.set("summary", fmt::format("{} passed, {} failed, {} not assessed, {} without a test", summary.passed,
                                      summary.failed, summary.not_assessed, summary.untested));
      data groups(data::type::list);
      for (const Verdict verdict : {Verdict::fail, Verdict::known_deviation, Verdict::error, Verdict::inconclusive,
                                    Verdict::unexpected_pass, Verdict::pass, Verdict::skip}) {
        group(groups, summary.area, verdict);
      }
      group(groups, summary.area, std::nullopt);
      area.set("groups", groups);
      const std::string unclaimed =
          summary.not_claimed == 0
              ? ""
              : fmt::format("{} more clauses need features that this target does not claim.", summary.not_claimed);
      area.set("unclaimed", optional(unclaimed));
      list.push_back(area);
    }
    page.set("areas", list);
    page.set("not_claimed", optional(not_claimed));
  }

  void group(data& groups, const std::string& area, std::optional<Verdict> verdict) {
    data clauses(data::type::list);
    int count = 0;
    for (const ClauseJudgement& entry : judgement_.clauses) {
      const bool shown = entry.verdict || (entry.in_scope && entry.clause.unobservable.empty());
      if (entry.clause.area != area || entry.verdict != verdict || !shown) continue;
      clauses.push_back(chip(entry));
      ++count;
    }
    if (count == 0) return;
    data result;
    result.set("class", verdict ? class_of(*verdict) : "none");
    result.set("symbol", verdict ? symbol_of(*verdict) : "○");
    result.set("label", verdict ? std::string(to_text(*verdict)) : "no test");
    result.set("count", fmt::format("{}", count));
    result.set("folded", data(!verdict && count > 6));  // what was not looked at must not drown what was
    result.set("clauses", clauses);
    groups.push_back(result);
  }

  data chip(const ClauseJudgement& entry) {
    const ClauseInfo& clause = entry.clause;
    data chip;
    chip.set("id", text(clause.id));
    chip.set("title", text(clause.title));
    chip.set("search", text(clause.id + " " + clause.title));
    chip.set("strength", text(clause.strength));
    chip.set("feature", optional(clause.feature));
    chip.set("place", optional(clause.file.empty() ? "" : fmt::format("{}:{}", clause.file, clause.line)));
    chip.set("statement", optional(clause.statement));
    data tests(data::type::list);
    for (const std::size_t i : entry.results) {
      const TestResult& result = report_.results[i];
      const Verdict verdict = clause_verdicts(result).at(clause.id);
      data test = test_line(result);
      test.set("class", class_of(verdict));
      test.set("symbol", symbol_of(verdict));
      test.set("word", std::string(to_text(verdict)));
      test.set("anchor", has_article(result) ? data(anchor_of(result)) : data(false));
      test.set("reason", verdict == result.verdict ? optional(result.reason) : data(false));
      tests.push_back(test);
    }
    chip.set("has_tests", data(!entry.results.empty()));
    chip.set("tests", tests);
    return chip;
  }

  static bool has_article(const TestResult& result) {
    return result.verdict != Verdict::pass && result.verdict != Verdict::skip;
  }

  data test_line(const TestResult& result) const {
    data line;
    line.set("test", text(result.test));
    line.set("anchor", anchor_of(result));
    line.set("class", class_of(result.verdict));
    line.set("symbol", symbol_of(result.verdict));
    line.set("word", std::string(to_text(result.verdict)));
    line.set("reason", optional(result.reason));
    const std::string link = link_in(result.reason);
    line.set("link", optional(link));
    return line;
  }

  void section(const char* id, const char* title, std::size_t count) {
    data entry;
    entry.set("id", id);
    entry.set("title", title);
    entry.set("count", fmt::format("{}", count));
    sections_.push_back(entry);
  }

  void failures(data& page) {
    Results all = results_with(report_, Verdict::fail);
    std::stable_partition(all.begin(), all.end(), [&](const auto* r) { return !is_should_failure(judgement_, *r); });
    for (const TestResult* broken : results_with(report_, Verdict::error)) all.push_back(broken);
    data list(data::type::list);
    for (const TestResult* result : all) list.push_back(failure(*result));
    page.set("has_failures", data(!all.empty()));
    page.set("failures", list);
    if (!all.empty()) section("failures", "Failures", all.size());
  }

  data failure(const TestResult& result) const {
    data entry = test_line(result);
    const ClauseJudgement* clause = clause_of(judgement_, result);
    entry.set("clause", clause ? text(clause->clause.id) : data(false));
    entry.set("strength", clause ? text(clause->clause.strength) : data(false));
    entry.set("title", clause ? text(clause->clause.title) : data(false));
    entry.set("statement", clause ? optional(clause->clause.statement) : data(false));
    const FailureDetails details = take_apart(clean_text(result.details));
    entry.set("compare", data(!details.expected.empty()));
    entry.set("expected", text(details.expected));
    entry.set("actual", text(details.actual));
    data lines(data::type::list);
    for (const FailureDetails::Line& line : details.lines) {
      data item;
      item.set("text", line.text);
      item.set("failed", data(line.failed));
      lines.push_back(item);
    }
    entry.set("has_lines", data(!details.lines.empty()));
    entry.set("lines", lines);
    entry.set("log", optional(details.log));
    entry.set("replay", text(replay_command(report_, result)));
    entry.set("files", optional(files_of(result)));
    return entry;
  }

  std::string files_of(const TestResult& result) const {
    const auto found = report_.reproducers.find(result.test);
    if (found == report_.reproducers.end()) return "";
    const Reproducer& files = found->second;
    std::string out = files.trace_file.empty() ? "" : "Trace: " + files.trace_file;
    if (!files.phpt_file.empty())
      out += " · PHPT: " + files.phpt_file;
    else if (!files.no_phpt.empty())
      out += " · No PHPT: " + files.no_phpt;
    return out;
  }

  void lists(data& page) {
    data all(data::type::list);
    const auto list = [&](Verdict verdict, const char* id, const char* title, const char* note) {
      const Results results = results_with(report_, verdict);
      if (results.empty()) return;
      data tests(data::type::list);
      for (const TestResult* result : results) tests.push_back(test_line(*result));
      data entry;
      entry.set("id", id);
      entry.set("title", title);
      entry.set("note", note);
      entry.set("tests", tests);
      all.push_back(entry);
      section(id, title, results.size());
    };
    list(Verdict::unexpected_pass, "unexpected", "Unexpected passes",
         "Listed as deviations, but they pass: take them off the list.");
    list(Verdict::inconclusive, "inconclusive", "Inconclusive",
         "No statement: a planned fault did not fire, an overlap was not reached, or a limit was hit.");
    list(Verdict::known_deviation, "known", "Known deviations",
         "Failures that were listed beforehand, with a reason. They count for the verdict all the same.");
    page.set("lists", all);
  }

  void skips(data& page) {
    data list(data::type::list);
    for (const auto& [reason, count] : skips_by_reason(report_)) {
      data entry;
      entry.set("count", fmt::format("{}", count));
      entry.set("reason", reason);
      data tests(data::type::list);
      for (const TestResult* result : results_with(report_, Verdict::skip)) {
        if (clean_line(result->reason) == reason) tests.push_back(test_line(*result));
      }
      entry.set("tests", tests);
      list.push_back(entry);
    }
    const int count = judgement_.counts.at(Verdict::skip);
    page.set("has_skips", data(count > 0));
    page.set("skips", list);
    if (count > 0) section("skips", "Skipped", static_cast<std::size_t>(count));
  }

  void about(data& page) {
    const auto& target = report_.target;
    page.set("command", text(fmt::format("assay run --target {} --contract {} --profile {} --seed {}{}{}",
                                         target.option.empty() ? target.name : target.option, report_.contract,
                                         report_.suite.profile, report_.suite.seed,
                                         report_.selection.text.empty() ? "" : " ", report_.selection.text)));
    page.set("suite", text(report_.suite.version));
    data features(data::type::list), choices(data::type::list);
    for (const std::string& feature : target.features) features.push_back(text(feature));
    for (const auto& [name, value] : target.choices) choices.push_back(text(name + " = " + value));
    page.set("features", features);
    page.set("has_choices", data(!target.choices.empty()));
    page.set("choices", choices);
  }

  const RunReport& report_;
  const RunJudgement& judgement_;
  data sections_{data::type::list};
};

}  // namespace

std::string html_report(const RunReport& report, const RunJudgement& judgement) {
  return Page(report, judgement).render();
}

}  // namespace assay::conformance
