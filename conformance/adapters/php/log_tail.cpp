#include "conformance/adapters/php/log_tail.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <fstream>

namespace assay::conformance::php {

namespace {

std::string last_lines(const std::string& path, std::size_t count) {
  std::ifstream file(path);
  std::deque<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.pop_front();
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::string log_tail(const std::string& folder, const std::vector<std::string>& logs, std::size_t lines_of_each) {
  std::string text;
  for (const std::string& log : logs) {
    const std::string lines = last_lines(log, lines_of_each);
    if (!lines.empty())
      text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", log.substr(folder.size() + 1), lines);
  }
  return text;
}

}  // namespace assay::conformance::php
