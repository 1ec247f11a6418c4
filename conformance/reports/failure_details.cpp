#include "conformance/reports/failure_details.h"

#include <cstdio>
#include <sstream>
#include <string_view>

namespace assay::conformance {
namespace {

// The number of the step that a line begins ("  3. W0: ..."), or 0.
int step_of(const std::string& line) {
  int number = 0;
  char dot = 0;
  return std::sscanf(line.c_str(), " %d%c", &number, &dot) == 2 && dot == '.' ? number : 0;
}

// What follows the first `length` characters and the blanks behind them.
std::string behind(std::string_view text, std::size_t length) {
  const auto first = text.find_first_not_of(' ', length);
  return first == std::string_view::npos ? "" : std::string(text.substr(first));
}

// The operations of a step follow its first line one by one.
void mark_failed(FailureDetails& details, int step, int operation) {
  for (std::size_t i = 0; i < details.lines.size(); ++i) {
    if (step_of(details.lines[i].text) != step) continue;
    const std::size_t at = i + static_cast<std::size_t>(operation - 1);
    if (operation >= 1 && at < details.lines.size()) details.lines[at].failed = true;
    return;
  }
}

}  // namespace

FailureDetails take_apart(const std::string& details) {
  FailureDetails result;
  std::istringstream lines(details);
  int step = 0, operation = 0;
  bool in_log = false;
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find_first_not_of(' ');
    const std::string_view text = first == std::string::npos ? "" : std::string_view(line).substr(first);
    if (in_log) {
      result.log += line + "\n";
    } else if (line.starts_with("log of the target")) {
      in_log = true;
    } else if (std::sscanf(line.c_str(), "failed at step %d, operation %d", &step, &operation) == 2) {
      mark_failed(result, step, operation);
    } else if (text.starts_with("expected  ") && result.expected.empty()) {
      result.expected = behind(text, 8);
    } else if (text.starts_with("actual  ") && result.actual.empty()) {
      result.actual = behind(text, 6);
    } else {
      result.lines.push_back({line, false});
    }
  }
  return result;
}

}  // namespace assay::conformance
