// Any bytes are a report, or a clear error; what is a report can be written in every form, compared, merged, and read
// back as the same one. The input has up to four parts, separated by the byte 0x1e: a report, another one (default: the
// first), expectations, known differences.
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <vector>

#include "conformance/reports/baseline.h"
#include "conformance/reports/expectations.h"
#include "conformance/reports/html_report.h"
#include "conformance/reports/json_report.h"
#include "conformance/reports/junit_report.h"
#include "conformance/reports/known_differences.h"
#include "conformance/reports/matrix.h"
#include "conformance/reports/merge.h"
#include "conformance/reports/sarif_report.h"
#include "conformance/reports/tap_report.h"
#include "conformance/reports/terminal_report.h"
#include "fuzz/common/demand.h"

namespace {

using namespace assay;
using namespace assay::conformance;
using fuzz::demand;

constexpr char separator = '\x1e';

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

template <class T>
void demand_clear(const Expected<T>& read, const std::string& file) {
  if (read) return;
  const std::string& message = read.error().message;
  demand(message.starts_with(file) && message.size() > file.size() + 2, "an error names the file", message);
}

RunJudgement judged(const RunReport& report) {
  return judge_run(report, clauses_under(report.contract, report.target.php));
}

// No byte of a report is markup of the page, or ends the document early.
void demand_page(const std::string& html) {
  demand(html.ends_with("</html>\n"), "a page is whole");
  demand(html.find("<script>alert") == std::string::npos, "what a report says is no markup of a page");
}

std::string first_difference(const std::string& a, const std::string& b) {
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
  const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - 60, 0));
  return fmt::format("{}\n  against {}", a.substr(from, 160), b.substr(from, 160));
}

void write_all_forms(const RunReport& report) {
  const RunJudgement judgement = judged(report);
  const std::string json = json_report(report, judgement);
  const auto again = report_from_json(json, "written");
  demand(again.has_value(), "a report that was written is read", again ? "" : again.error().message);
  const std::string second = json_report(again->report, judged(again->report));
  demand(second == json, "a report is read back as the same", first_difference(json, second));
  demand_page(html_report(report, judgement));
  demand(pugi::xml_document().load_string(junit_report(report, judgement).c_str()), "JUnit is XML");
  demand(Json::accept(sarif_report(report, judgement)), "SARIF is JSON");
  demand(tap_report(report, judgement).starts_with("TAP version 13\n"), "TAP says so");
  demand(terminal_report(report, judgement).ends_with('\n'), "a terminal report ends with a line feed");
  (void)exit_status(report, judgement);
  for (const TestResult& result : report.results) {
    demand(replay_command(report, result).find('\n') == std::string::npos, "a command is one line");
  }
}

void use(const SavedReport& report, const SavedReport& other) {
  write_all_forms(report.report);
  demand(!to_text(compare(report, other.report)).empty(), "a comparison says something");
  RunReport renamed = report.report;
  (void)use_ids_of_now(renamed);
  keep_failed(renamed);
  const std::vector<SavedReport> both = {report, other};
  demand(!matrix_markdown(both, clauses_under("portable", "")).empty(), "a matrix says something");
  demand_page(matrix_html(both, clauses_under("portable", "")));
  if (const auto merged = merge_reports({{"a", report}, {"b", other}})) write_all_forms(*merged);
}

void use_expectations(const std::string& text, const SavedReport* saved) {
  const auto expectations = expectations_from_text(text, "expectations");
  demand_clear(expectations, "expectations");
  if (!expectations || !saved) return;
  RunReport report = saved->report;
  (void)apply_expectations(*expectations, report);
  report.with_expectations = true;
  write_all_forms(report);
}

void use_known_differences(const std::string& text) {
  const auto known = known_differences_from_text(text, "differences");
  demand_clear(known, "differences");
  if (known) (void)known_difference(*known, "script_status: value at jit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = parts_of(fuzz::text_of(data, size));
  const auto report = report_from_json(parts[0], "report");
  demand_clear(report, "report");
  if (report && parts.size() > 1 && !parts[1].empty()) {
    const auto other = report_from_json(parts[1], "other");
    demand_clear(other, "other");
    use(*report, other ? *other : *report);
  } else if (report) {
    use(*report, *report);
  }
  if (parts.size() > 2) use_expectations(parts[2], report ? &*report : nullptr);
  if (parts.size() > 3) use_known_differences(parts[3]);
  return 0;
}
