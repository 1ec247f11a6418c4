// Reading a report back, strictly.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "conformance/reports/json_report.h"
#include "conformance/reports/strict_json.h"
#include "conformance/reports/timestamp.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace {

class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  // Empty where all is well.
  std::string read(SavedReport& saved) {
    StrictObject root(json_, "", error_);
    RunReport& report = saved.report;
    std::string ignored;
    root.text("schema", ignored);
    if (const Json* suite = root.object("suite")) read_suite(*suite, report.suite);
    if (const Json* target = root.object("target")) read_target(*target, report.target);
    root.text("contract", report.contract);
    if (const Json* selection = root.object("selection")) read_selection(*selection, report.selection);
    read_time(root, "started", report.started);
    read_time(root, "finished", report.finished);
    root.boolean("interrupted", report.interrupted);
    root.boolean("with_expectations", report.with_expectations);
    root.boolean("strict", report.strict);
    read_run_verdict(root, saved.verdict);
    root.text("why", saved.why);
    if (const Json* coverage = root.object("coverage")) read_coverage(*coverage);
    root.texts("unexpected", saved.unexpected);
    if (const Json* counts = root.object("counts")) read_counts(*counts);
    Evidence total;
    if (const Json* evidence = root.object("evidence")) read_evidence(*evidence, "evidence", total);
    if (const Json* clauses = root.object("clauses")) read_verdicts(*clauses, "clauses", saved.clauses);
    root.texts("untested", saved.untested);
    if (const Json* results = root.list("results")) read_results(*results, report);
    root.done();
    if (error_.empty()) check_totals(report, total);
    return error_;
  }

 private:
  void read_suite(const Json& json, RunReport::Suite& suite) {
    StrictObject object(json, "suite", error_);
    object.text("version", suite.version);
    object.text("commit", suite.commit);
    object.text("profile", suite.profile);
    object.count("seed", suite.seed);
    object.done();
  }

  void read_target(const Json& json, RunReport::TargetInfo& target) {
    StrictObject object(json, "target", error_);
    object.text("name", target.name);
    object.text("version", target.version);
    object.texts("features", target.features);
    object.texts_by_name("choices", target.choices);
    object.text("option", target.option);
    object.optional_text("php", target.php);  // reports of before do not have it
    object.done();
  }

  void read_selection(const Json& json, Selection& selection) {
    StrictObject object(json, "selection", error_);
    object.text("text", selection.text);
    object.texts("areas", selection.areas);
    object.boolean("narrowed", selection.narrowed);
    object.text("shard", selection.shard);
    object.texts("clauses", selection.clauses);
    object.done();
  }

  void read_time(StrictObject& object, const char* name, std::chrono::system_clock::time_point& into) {
    std::string text;
    object.text(name, text);
    if (const auto time = time_from_utc(text))
      into = *time;
    else
      object.wrong(name, "a time like 2026-01-31T12:00:00.000Z is needed");
  }

  void read_run_verdict(StrictObject& object, RunVerdict& into) {
    std::string text;
    object.text("verdict", text);
    if (const auto verdict = run_verdict_from_text(text))
      into = *verdict;
    else
      object.wrong("verdict", fmt::format("\"{}\" is none of conforms, violates, not shown", text));
  }

  // Only looked at: who reads a report judges it anew.
  void read_coverage(const Json& json) {
    StrictObject object(json, "coverage", error_);
    for (const char* strength : {"must", "should", "may"}) {
      const Json* states = object.object(strength);
      if (!states) return;
      StrictObject counts(*states, object.path(strength), error_);
      std::uint64_t all = 0, sum = 0;
      for (int s = 0; s <= static_cast<int>(ClauseState::unobservable); ++s) {
        std::uint64_t count = 0;
        counts.count(to_field(static_cast<ClauseState>(s)), count);
        sum += count;
      }
      counts.count("all", all);
      counts.done();
      if (all != sum) counts.wrong("all", fmt::format("{} is not the sum of the states, {}", all, sum));
    }
    object.done();
  }

  void read_counts(const Json& json) {
    StrictObject object(json, "counts", error_);
    for (int v = 0; v <= static_cast<int>(Verdict::error); ++v) {
      const auto verdict = static_cast<Verdict>(v);
      object.count(std::string(to_text(verdict)).c_str(), counts_[verdict]);
    }
    object.done();
  }

  void read_evidence(const Json& json, const std::string& where, Evidence& evidence) {
    StrictObject object(json, where, error_);
    object.count("traces", evidence.traces);
    object.count("operations", evidence.operations);
    object.count("interleavings", evidence.interleavings);
    object.count("faults_fired", evidence.faults_fired);
    object.count("crash_states", evidence.crash_states);
    if (const Json* points = object.object("points")) {
      for (const auto& [name, point] : points->items())
        read_point(point, where + ".points." + name, evidence.points[name]);
    }
    object.done();
  }

  void read_point(const Json& json, const std::string& where, PointEvidence& point) {
    StrictObject object(json, where, error_);
    object.count("reached", point.reached);
    object.count("fired", point.fired);
    if (const Json* operations = object.object("operations")) {
      StrictObject by_name(*operations, where + ".operations", error_);
      for (const auto& [operation, times] : operations->items())
        by_name.count(operation.c_str(), point.operations[operation]);
    }
    object.done();
  }

  void read_verdicts(const Json& json, const std::string& where, std::map<std::string, Verdict>& into) {
    for (const auto& [id, value] : json.items()) {
      const auto verdict = value.is_string() ? verdict_from_text(value.get<std::string>()) : std::nullopt;
      if (verdict)
        into[id] = *verdict;
      else if (error_.empty())
        error_ = fmt::format("field \"{}.{}\": {} is no verdict of a test", where, id, value.dump());
    }
  }

  void read_results(const Json& list, RunReport& report) {
    for (std::size_t i = 0; i < list.size() && error_.empty(); ++i) {
      read_result(list[i], fmt::format("results[{}]", i), report);
    }
  }

  void read_result(const Json& json, const std::string& where, RunReport& report) {
    StrictObject object(json, where, error_);
    TestResult result;
    Reproducer files;
    std::string verdict;
    object.text("test", result.test);
    object.text("kind", result.kind);
    if (const Json* clauses = object.object("clauses")) read_verdicts(*clauses, where + ".clauses", result.clauses);
    object.text("verdict", verdict);
    if (const auto known = verdict_from_text(verdict))
      result.verdict = *known;
    else
      object.wrong("verdict", fmt::format("\"{}\" is no verdict of a test", verdict));
    object.text("reason", result.reason);
    object.seconds("seconds", result.seconds);
    object.text_or_null("trace", files.trace_file);
    if (const Json* evidence = object.object("evidence"))
      read_evidence(*evidence, where + ".evidence", result.evidence);
    std::string title;  // for people: the registry knows it
    object.optional_text("title", title);
    object.optional_text("details", result.details);
    object.optional_text("phpt", files.phpt_file);
    object.optional_text("no_phpt", files.no_phpt);
    object.done();
    result.trace_file = files.trace_file;
    if (!files.trace_file.empty() || !files.no_phpt.empty()) report.reproducers[result.test] = files;
    if (!tests_.insert(result.test).second) object.wrong("test", fmt::format("\"{}\" appears twice", result.test));
    report.results.push_back(std::move(result));
  }

  // A report that was edited by hand, or put together from two, is none.
  void check_totals(const RunReport& report, const Evidence& total) {
    std::map<Verdict, std::uint64_t> counted;
    Evidence sum;
    for (const TestResult& result : report.results) {
      ++counted[result.verdict];
      sum += result.evidence;
    }
    for (const auto& [verdict, count] : counts_) {
      if (counted[verdict] != count) {
        error_ = fmt::format("field \"counts.{}\" says {}, but {} result(s) are so", to_text(verdict), count,
                             counted[verdict]);
        return;
      }
    }
    if (sum.operations != total.operations || sum.traces != total.traces || sum.crash_states != total.crash_states ||
        sum.interleavings != total.interleavings || sum.faults_fired != total.faults_fired) {
      error_ = "field \"evidence\" is not the sum of the results' evidence";
    }
  }

  const Json& json_;
  std::string error_;
  std::map<Verdict, std::uint64_t> counts_;
  std::set<std::string> tests_;
};

}  // namespace

Expected<SavedReport> report_from_json(const std::string& text, const std::string& file) {
  const auto wrong = [&](const std::string& what) { return failure(fmt::format("{}: {}", file, what)); };
  if (text.empty()) return wrong("the file is empty; give a report that assay run --json wrote");
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    const bool ours = text.find("\"assay-report/") != std::string::npos;
    return wrong(ours ? "the report is damaged or cut short; write it again with assay run --json"
                      : "not JSON; give a report that assay run --json wrote");
  }
  const bool named = json.is_object() && json.contains("schema") && json["schema"].is_string();
  const std::string found = named ? json["schema"].get<std::string>() : "";
  if (!found.starts_with("assay-report/")) {
    return wrong("no report of assay (field \"schema\"); give a report that assay run --json wrote");
  }
  if (found != report_schema) {
    return wrong(
        fmt::format("the report has schema \"{}\", this program reads \"{}\"; write it again with this version", found,
                    report_schema));
  }
  SavedReport saved;
  if (const std::string error = Reader(json).read(saved); !error.empty()) return wrong(error);
  return saved;
}

Expected<SavedReport> read_report(const std::string& file) {
  return report_from_json(ASSAY_TRY(read_input_file(file, "give a report that assay run --json wrote")), file);
}

}  // namespace assay::conformance
