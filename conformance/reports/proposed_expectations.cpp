#include "conformance/reports/proposed_expectations.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "conformance/catalogue/catalogue.h"
#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string place_of(const std::string& test) {
  const std::string id = test.substr(0, test.find('/'));
  const Clause* clause = find_clause(id);
  return clause ? fmt::format("{}#{}", clause->file, id) : id;
}

}  // namespace

std::string proposed_expectations(const RunReport& report) {
  std::string text = fmt::format(
      "# What {} {} did otherwise than a clause says, as a run of the profile {} with seed {} saw it. Proposed by "
      "Assay {}:\n"
      "# write in each line why it is so, and where that can be read, before you rely on it.\n",
      report.target.name, report.target.version, report.suite.profile, report.suite.seed, report.suite.version);
  for (const TestResult& result : report.results) {
    if (result.verdict != Verdict::fail) continue;
    OrderedJson line;
    line["test"] = result.test;
    line["verdict"] = "fail";
    line["reason"] = "seen: " + clean_line(result.reason, 240);
    line["link"] = place_of(result.test);
    text += line.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
  }
  return text;
}

}  // namespace assay::conformance
