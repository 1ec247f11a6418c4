#include "conformance/reports/junit_report.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "conformance/registry/test_case.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/failure_text.h"
#include "conformance/reports/report_view.h"
#include "conformance/reports/timestamp.h"

namespace assay::conformance {
namespace {

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = clean_text(value).c_str();
}
void set(pugi::xml_node node, const char* name, int value) {
  node.append_attribute(name) = value;
}

void property(pugi::xml_node properties, const char* name, const std::string& value) {
  pugi::xml_node node = properties.append_child("property");
  set(node, "name", name);
  set(node, "value", value);
}

struct Totals {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;

  void add(const TestResult& result) {
    ++tests;
    seconds += result.seconds;
    if (result.verdict == Verdict::fail || result.verdict == Verdict::unexpected_pass)
      ++failures;
    else if (result.verdict == Verdict::error)
      ++errors;
    else if (result.verdict != Verdict::pass)
      ++skipped;
  }
  void write(pugi::xml_node node) const {
    set(node, "tests", tests);
    set(node, "failures", failures);
    set(node, "errors", errors);
    set(node, "skipped", skipped);
    set(node, "time", fmt::format("{:.3f}", seconds));
  }
};

class Writer {
 public:
  Writer(const RunReport& report, const RunJudgement& judgement) : report_(report), judgement_(judgement) {}

  std::string write() {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    pugi::xml_node suites = document.append_child("testsuites");
    set(suites, "name", "assay " + report_.target.name);
    Totals all;
    std::map<std::string, std::vector<const TestResult*>> by_area;
    for (const TestResult& result : report_.results) {
      all.add(result);
      by_area[area_of(result.test)].push_back(&result);
    }
    all.write(suites);
    for (const auto& [area, results] : by_area) suite(suites, area, results);
    std::ostringstream out;
    document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    return out.str();
  }

 private:
  void suite(pugi::xml_node suites, const std::string& area, const std::vector<const TestResult*>& results) {
    pugi::xml_node node = suites.append_child("testsuite");
    set(node, "name", area);
    Totals totals;
    for (const TestResult* result : results) totals.add(*result);
    totals.write(node);
    set(node, "timestamp", utc_timestamp(report_.started).substr(0, 19));
    pugi::xml_node properties = node.append_child("properties");
    property(properties, "adapter", report_.target.name);
    property(properties, "target.version", report_.target.version);
    property(properties, "contract", report_.contract);
    property(properties, "profile", report_.suite.profile);
    property(properties, "seed", fmt::format("{}", report_.suite.seed));
    property(properties, "verdict", std::string(to_text(judgement_.verdict)));
    for (const TestResult* result : results) testcase(node, *result);
  }

  void testcase(pugi::xml_node suite, const TestResult& result) {
    pugi::xml_node node = suite.append_child("testcase");
    const auto slash = result.test.find('/');
    set(node, "classname", area_of(result.test) + "." + result.test.substr(0, slash));
    set(node, "name", result.test);
    set(node, "time", fmt::format("{:.3f}", result.seconds));
    if (const TestCase* test = find_test(result.test)) {
      set(node, "file", test->file);
      set(node, "line", test->line);
    }
    pugi::xml_node properties = node.append_child("properties");
    if (const std::string title = title_of(result.test); !title.empty()) property(properties, "title", title);
    for (const auto& [id, verdict] : clause_verdicts(result)) {
      property(properties, "clause", id);
      if (const ClauseJudgement* entry = judgement_.find(id)) property(properties, "level", entry->clause.strength);
    }
    property(properties, "seed", fmt::format("{}", report_.suite.seed));
    property(properties, "adapter", report_.target.name);
    outcome(node, result);
  }

  void outcome(pugi::xml_node node, const TestResult& result) {
    const std::string verdict(to_text(result.verdict));
    switch (result.verdict) {
      case Verdict::pass:
        return;
      case Verdict::skip:
      case Verdict::inconclusive:
      case Verdict::known_deviation: {
        pugi::xml_node skipped = node.append_child("skipped");
        set(skipped, "message", result.verdict == Verdict::skip ? result.reason : verdict + ": " + result.reason);
        return;
      }
      case Verdict::error:
      case Verdict::unexpected_pass:
      case Verdict::fail: {
        pugi::xml_node failure = node.append_child(result.verdict == Verdict::error ? "error" : "failure");
        set(failure, "message", result.reason);
        set(failure, "type", is_should_failure(judgement_, result) ? "fail (should)" : verdict);
        failure.text().set(clean_text(failure_text(report_, judgement_, result)).c_str());
      }
    }
  }

  const RunReport& report_;
  const RunJudgement& judgement_;
};

}  // namespace

std::string junit_report(const RunReport& report, const RunJudgement& judgement) {
  return Writer(report, judgement).write();
}

}  // namespace assay::conformance
