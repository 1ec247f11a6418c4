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

  void add(Standing standing, double time) {
    ++tests;
    seconds += time;
    failures += standing == Standing::fails;
    errors += standing == Standing::broke;
    skipped += standing == Standing::skipped || standing == Standing::tolerated;
  }
  Totals& operator+=(const Totals& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
    return *this;
  }
  void write(pugi::xml_node node) const {
    set(node, "tests", tests);
    set(node, "failures", failures);
    set(node, "errors", errors);
    set(node, "time", fmt::format("{:.3f}", seconds));
  }
};

class JunitWriter {
 public:
  JunitWriter(const RunReport& report, const RunJudgement& judgement) : report_(report), judgement_(judgement) {}

  std::string write() {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    pugi::xml_node suites = document.append_child("testsuites");
    set(suites, "name", "assay " + report_.target.name);
    std::map<std::string, std::vector<const TestResult*>> by_area;
    for (const TestResult& result : report_.results) by_area[area_of(result.test)].push_back(&result);
    Totals all;
    for (const auto& [area, results] : by_area) all += suite(suites, area, results);
    all += verdict(suites);
    all.write(suites);
    std::ostringstream out;
    document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    return out.str();
  }

 private:
  Totals suite(pugi::xml_node suites, const std::string& area, const std::vector<const TestResult*>& results) {
    Totals totals;
    for (const TestResult* result : results) totals.add(standing_of(report_, judgement_, *result), result->seconds);
    pugi::xml_node node = suite(suites, area, totals);
    for (const TestResult* result : results) testcase(node, *result);
    return totals;
  }

  pugi::xml_node suite(pugi::xml_node suites, const std::string& name, const Totals& totals) {
    pugi::xml_node node = suites.append_child("testsuite");
    set(node, "name", name);
    totals.write(node);
    set(node, "skipped", totals.skipped);
    set(node, "timestamp", utc_timestamp(report_.started).substr(0, 19));
    pugi::xml_node properties = node.append_child("properties");
    property(properties, "adapter", report_.target.name);
    property(properties, "target.version", report_.target.version);
    property(properties, "contract", report_.contract);
    property(properties, "profile", report_.suite.profile);
    property(properties, "seed", fmt::format("{}", report_.suite.seed));
    property(properties, "verdict", verdict_text(report_, judgement_));
    return node;
  }

  // The verdict as a test of its own: who only counts failures comes to the exit status too.
  Totals verdict(pugi::xml_node suites) {
    const int status = exit_status(report_, judgement_);
    Totals totals;
    totals.add(status == 0 ? Standing::holds : status == 1 ? Standing::fails : Standing::broke, 0);
    pugi::xml_node node = suite(suites, "verdict", totals).append_child("testcase");
    set(node, "classname", "verdict");
    set(node, "name", "verdict");
    set(node, "time", "0.000");
    const std::string line = verdict_line(report_, judgement_);
    if (status != 0) {
      pugi::xml_node failure = node.append_child(status == 1 ? "failure" : "error");
      set(failure, "message", line);
      set(failure, "type", std::string(to_text(judgement_.verdict)));
    }
    node.append_child("system-out").text().set(clean_text(line).c_str());
    return totals;
  }

  void testcase(pugi::xml_node suite, const TestResult& result) {
    pugi::xml_node node = suite.append_child("testcase");
    const auto slash = result.test.find('/');
    set(node, "classname", area_of(result.test) + "." + result.test.substr(0, slash));
    set(node, "name", result.test);
    set(node, "time", fmt::format("{:.3f}", result.seconds));
    outcome(node, result);
    node.append_child("system-out").text().set(clean_text(facts(result)).c_str());
  }

  // What has no attribute in the schema that the readers share: the clauses with their verdicts, and the source.
  std::string facts(const TestResult& result) const {
    std::string out;
    if (const std::string title = title_of(result.test); !title.empty()) out += title + "\n";
    for (const auto& [id, verdict] : clause_verdicts(result)) {
      const ClauseJudgement* entry = judgement_.find(id);
      out += fmt::format("{} ({}): {}\n", id, entry ? entry->clause.strength : "must", to_text(verdict));
    }
    if (const TestCase* test = find_test(result.test)) out += fmt::format("{}:{}\n", test->file, test->line);
    return out;
  }

  void outcome(pugi::xml_node node, const TestResult& result) {
    const Standing standing = standing_of(report_, judgement_, result);
    if (standing == Standing::holds) return;
    if (standing == Standing::skipped || standing == Standing::tolerated) {
      set(node.append_child("skipped"), "message", excuse_of(report_, judgement_, result));
      return;
    }
    pugi::xml_node failure = node.append_child(standing == Standing::broke ? "error" : "failure");
    set(failure, "message", result.reason);
    set(failure, "type", std::string(to_text(result.verdict)));
    failure.text().set(clean_text(failure_text(report_, judgement_, result)).c_str());
  }

  const RunReport& report_;
  const RunJudgement& judgement_;
};

}  // namespace

std::string junit_report(const RunReport& report, const RunJudgement& judgement) {
  return JunitWriter(report, judgement).write();
}

}  // namespace assay::conformance
