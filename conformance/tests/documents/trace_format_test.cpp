#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "conformance/vocabulary/action.h"
#include "conformance/vocabulary/operation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {
namespace {

// docs/trace-format.md is a contract for adapters in any language: it has to name what the program knows, and no more.
std::string page() {
  std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/docs/trace-format.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string section(const std::string& title) {
  const std::string text = page();
  const auto begin = text.find("\n## " + title + "\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin + 1, text.find("\n## ", begin + 1) - begin);
}

// The first column of the table of a section.
std::set<std::string> rows(const std::string& title) {
  std::istringstream lines(section(title));
  std::set<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `")) names.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

template <class Specs>
void expect_documented(const Specs& specs, const std::string& title) {
  std::set<std::string> known;
  const std::string text = section(title);
  for (const CallSpec& spec : specs) {
    known.insert(spec.name);
    const auto row = text.find("| `" + std::string(spec.name) + "` |");
    ASSERT_NE(row, std::string::npos) << title << ": no row for " << spec.name;
    const std::string line = text.substr(row, text.find('\n', row) - row);
    EXPECT_TRUE(line.ends_with(std::string("| ") + spec.feature + " |")) << line;
    for (const Parameter& parameter : spec.parameters) {
      EXPECT_NE(line.find("`" + std::string(parameter.name) + "` "), std::string::npos)
          << line << ": " << parameter.name;
      if (parameter.default_json != nullptr) {
        EXPECT_NE(line.find(std::string(" = ") + parameter.default_json), std::string::npos)
            << line << ": " << parameter.name;
      }
    }
  }
  EXPECT_EQ(rows(title), known);
}

TEST(TraceFormatPage, HasEveryOperationWithItsParameters) {
  expect_documented(operation_specs(), "Operations");
}

TEST(TraceFormatPage, HasEveryActionWithItsParameters) {
  expect_documented(action_specs(), "Actions");
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
