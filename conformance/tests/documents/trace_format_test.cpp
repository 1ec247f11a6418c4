#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "conformance/vocabulary/action.h"
#include "conformance/vocabulary/matcher.h"
#include "conformance/vocabulary/operation.h"
#include "conformance/vocabulary/trace.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

const std::map<ParameterType, const char*> type_names = {
    {ParameterType::path, "path"},       {ParameterType::text, "text"}, {ParameterType::integer, "integer"},
    {ParameterType::boolean, "boolean"}, {ParameterType::any, "any"},   {ParameterType::list, "list"},
    {ParameterType::map, "map"}};

std::string page_file() {
  return std::string(ASSAY_SOURCE_DIR) + "/docs/trace-format.md";
}

// docs/trace-format.md is a contract for adapters in any language: it has to name what the program knows, and no more.
std::string page() {
  std::ifstream in(page_file());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string parameters_text(const CallSpec& spec) {
  std::string text;
  for (const Parameter& parameter : spec.parameters) {
    text += fmt::format("{}`{}` {}", text.empty() ? "" : ", ", parameter.name, type_names.at(parameter.type));
    if (parameter.default_json) text += fmt::format(" = {}", parameter.default_json);
  }
  return text.empty() ? "-" : text;
}

// Each function gives the table of a section as the program knows it.

std::string operations_table() {
  std::string table = "| operation | parameters | meaning | feature |\n| --- | --- | --- | --- |\n";
  for (const CallSpec& spec : operation_specs()) {
    const bool whole = is_whole_request(Operation{{&spec, {}}});
    table += fmt::format("| `{}` | {} | {}{} | {} |\n", spec.name, parameters_text(spec), spec.summary,
                         whole ? "; the only operation of its request" : "", spec.feature);
  }
  return table;
}

std::string actions_table() {
  std::string table = "| action | parameters | meaning | feature |\n| --- | --- | --- | --- |\n";
  for (const CallSpec& spec : action_specs())
    table += fmt::format("| `{}` | {} | {} | {} |\n", spec.name, parameters_text(spec), spec.summary, spec.feature);
  return table;
}

std::string matchers_table() {
  std::string table = "| matcher | the reply's value |\n| --- | --- |\n";
  for (const MatcherRow* row : matcher_rows()) table += fmt::format("| `{}` | {} |\n", row->form, row->meaning);
  return table;
}

// The page with another table in a section. REQUIRES: the section has one.
std::string with_table(std::string text, const std::string& title, const std::string& table) {
  const auto section = text.find("\n## " + title + "\n");
  const auto begin = text.find("\n| ", section) + 1;
  const auto end = text.find("\n\n", begin);
  return text.replace(begin, end == std::string::npos ? end : end + 1 - begin, table);
}

// With ASSAY_UPDATE_DOCS in the environment the tables are written instead: scripts/update-docs.
TEST(TraceFormatPage, HasEveryOperationActionAndMatcher) {
  std::string expected = with_table(page(), "Operations", operations_table());
  expected = with_table(std::move(expected), "Actions", actions_table());
  expected = with_table(std::move(expected), "Matchers", matchers_table());
  if (std::getenv("ASSAY_UPDATE_DOCS")) std::ofstream(page_file()) << expected;
  EXPECT_EQ(page(), expected) << "the page is not what the program knows: run scripts/update-docs";
}

// The indented block at the top of the page is a trace.
TEST(TraceFormatPage, ItsExampleIsATrace) {
  std::istringstream lines(page());
  std::string example;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("    {")) example += line.substr(4) + "\n";
  }
  const auto trace = trace_from_json_lines(example, "docs/trace-format.md");
  ASSERT_TRUE(trace.has_value()) << trace.error().message;
  EXPECT_EQ(trace->steps.size(), 7u);
  EXPECT_EQ(to_json_lines(*trace), example) << "as the program itself writes it";
}

}  // namespace
}  // namespace assay::conformance
