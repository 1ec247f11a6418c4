#include "conformance/reports/html_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/page_parts.h"
#include "conformance/reports/page_script.h"
#include "conformance/reports/page_style.h"
#include "conformance/reports/page_template.h"
#include "conformance/reports/report_view.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {
namespace {

using data = PageData;
using Results = std::vector<const TestResult*>;

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
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
    verdicts(page);
    areas(page);
    failures(page);
    lists(page);
    skips(page);
    durations(page);
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
    page.set("target", page_text(report_.target.name));
    page.set("version", page_text(report_.target.version));
    page.set("contract", page_text(report_.contract));
    page.set("verdict_word", capitalised(std::string(to_text(judgement_.verdict))));
    page.set("scope", page_optional(report_.selection.is_selection() ? "within the selection" : ""));
    page.set("why", page_text(capitalised(judgement_.why)));
    page.set("coverage", page_text(coverage_text(judgement_)));
    page.set("started", utc_timestamp(report_.started).substr(0, 10) + " " +
                            utc_timestamp(report_.started).substr(11, 5) + " UTC");
    page.set("duration", duration_text(seconds_of(report_)));
    page.set("profile", page_text(report_.suite.profile));
    page.set("seed", fmt::format("{}", report_.suite.seed));
    page.set("selection", page_optional(report_.selection.in_words()));
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
    tile(j.evidence.interleavings, "schedules");
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
      area.set("area", page_text(summary.area));
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
      area.set("unclaimed", page_optional(unclaimed));
      list.push_back(area);
    }
    page.set("areas", list);
    page.set("not_claimed", page_optional(not_claimed));
  }

  void verdicts(data& page) {
    data list(data::type::list);
    const auto add = [&](const std::string& word, const char* css, const char* symbol) {
      data entry;
      entry.set("word", word);
      entry.set("class", css);
      entry.set("symbol", symbol);
      list.push_back(entry);
    };
    for (const Verdict verdict : {Verdict::fail, Verdict::known_deviation, Verdict::error, Verdict::inconclusive,
                                  Verdict::unexpected_pass, Verdict::pass, Verdict::skip}) {
      if (judgement_.counts.at(verdict) > 0) add(std::string(to_text(verdict)), class_of(verdict), symbol_of(verdict));
    }
    add("no test", "none", "○");
    page.set("verdicts", list);
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
    // What holds, and what was not looked at, must not drown the rest.
    const bool quiet = !verdict || *verdict == Verdict::pass || *verdict == Verdict::skip;
    result.set("folded", data(quiet && count > 6));
    result.set("clauses", clauses);
    groups.push_back(result);
  }

  data chip(const ClauseJudgement& entry) {
    const ClauseInfo& clause = entry.clause;
    data chip;
    chip.set("id", page_text(clause.id));
    chip.set("title", page_text(clause.title));
    chip.set("strength", page_text(clause.strength));
    chip.set("feature", page_optional(clause.feature));
    chip.set("place", page_optional(clause.file.empty() ? "" : fmt::format("{}:{}", clause.file, clause.line)));
    chip.set("statement", page_optional(clause.statement));
    chip.set("verdict", entry.verdict ? std::string(to_text(*entry.verdict)) : "no test");
    data tests(data::type::list);
    std::string search = clause.id + " " + clause.title;
    const auto shown = shown_results(entry);
    for (const TestResult* result : shown) {
      const auto verdicts = clause_verdicts(*result);
      const auto judged = verdicts.find(clause.id);
      const Verdict verdict = judged == verdicts.end() ? Verdict::inconclusive : judged->second;
      data test = test_line(judgement_, *result);
      test.set("class", class_of(verdict));
      test.set("symbol", symbol_of(verdict));
      test.set("word", std::string(to_text(verdict)));
      test.set("anchor", has_article(*result) ? data(anchor_of(*result)) : data(false));
      test.set("reason", has_article(*result) ? page_optional(result->reason) : data(false));
      tests.push_back(test);
      search += " " + result->test;
    }
    const std::size_t more = entry.results.size() - shown.size();
    chip.set("more", more == 0 ? data(false) : data(fmt::format("and {} more, which pass", grouped(more))));
    chip.set("search", page_text(search));
    chip.set("failed", data(entry.failed()));
    chip.set("has_tests", data(!entry.results.empty()));
    chip.set("tests", tests);
    return chip;
  }

  // Its tests, failures first; of the passes that only its monitor saw no more than a reader wants.
  Results shown_results(const ClauseJudgement& entry) const {
    constexpr std::size_t most = 30;
    Results all;
    for (const std::size_t i : entry.results) all.push_back(&report_.results[i]);
    const auto rank = [&](const TestResult* result) {
      if (result->verdict != Verdict::pass && result->verdict != Verdict::skip) return 0;
      const auto own = own_clauses(*result);
      return std::count(own.begin(), own.end(), entry.clause.id) > 0 ? 1 : 2;
    };
    std::stable_sort(all.begin(), all.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    while (all.size() > most && rank(all.back()) == 2) all.pop_back();
    return all;
  }

  static bool has_article(const TestResult& result) {
    return result.verdict != Verdict::pass && result.verdict != Verdict::skip;
  }

  void section(const char* id, const char* title, std::size_t count) {
    data entry;
    entry.set("id", id);
    entry.set("title", title);
    entry.set("count", fmt::format("{}", count));
    sections_.push_back(entry);
  }

  void failures(data& page) {
    Results deciding, tolerated;
    for (const TestResult* result : results_with(report_, Verdict::fail))
      (is_tolerated_failure(report_, judgement_, *result) ? tolerated : deciding).push_back(result);
    for (const TestResult* broken : results_with(report_, Verdict::error)) deciding.push_back(broken);
    data sections(data::type::list);
    const auto add = [&](const Results& results, const char* id, const char* title, const char* note) {
      if (results.empty()) return;
      data list(data::type::list);
      for (const TestResult* result : results) list.push_back(failure_part(report_, judgement_, *result));
      data entry;
      entry.set("id", id);
      entry.set("title", title);
      entry.set("note", page_optional(note));
      entry.set("failures", list);
      sections.push_back(entry);
      section(id, title, results.size());
    };
    add(deciding, "failures", "Failures", "");
    add(tolerated, "tolerated", "Failures that do not decide",
        "Of clauses that are no must under this contract; --strict lets the should clauses decide.");
    page.set("failure_sections", sections);
  }

  void lists(data& page) {
    data all(data::type::list);
    const auto list = [&](Verdict verdict, const char* id, const char* title, const char* note) {
      const Results results = results_with(report_, verdict);
      if (results.empty()) return;
      data tests(data::type::list);
      for (const TestResult* result : results) tests.push_back(test_line(judgement_, *result));
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
        if (clean_line(result->reason) == reason) tests.push_back(test_line(judgement_, *result));
      }
      entry.set("tests", tests);
      list.push_back(entry);
    }
    const int count = judgement_.counts.at(Verdict::skip);
    page.set("has_skips", data(count > 0));
    page.set("skips", list);
    if (count > 0) section("skips", "Skipped", static_cast<std::size_t>(count));
  }

  void durations(data& page) {
    constexpr std::size_t most = 10;
    data list(data::type::list);
    const Results all = slowest(report_, most);
    for (const TestResult* result : all) {
      data entry = test_line(judgement_, *result);
      entry.set("seconds", fmt::format("{:.3f} s", result->seconds));
      entry.set("share",
                fmt::format("{:.1f}", all.front()->seconds > 0 ? 100 * result->seconds / all.front()->seconds : 0));
      entry.set("linked", data(has_article(*result) && result->verdict != Verdict::skip));
      list.push_back(entry);
    }
    page.set("has_slow", data(!all.empty()));
    page.set("slow", list);
    if (!all.empty()) section("slow", "Slowest tests", all.size());
  }

  void about(data& page) {
    const auto& target = report_.target;
    page.set("command",
             page_text(fmt::format("assay run --target {} --contract {} --profile {} --seed {}{}{}",
                                   target.option.empty() ? target.name : target.option, report_.contract,
                                   report_.suite.profile, report_.suite.seed,
                                   report_.selection.in_words().empty() ? "" : " ", report_.selection.in_words())));
    page.set("suite", page_text(report_.suite.version + ", commit " + report_.suite.commit));
    data features(data::type::list), choices(data::type::list);
    for (const std::string& feature : target.features) features.push_back(page_text(feature));
    for (const auto& [name, value] : target.choices) choices.push_back(page_text(name + " = " + value));
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
