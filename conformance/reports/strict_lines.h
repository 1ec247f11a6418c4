#pragma once

#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "support/error.h"

namespace assay::conformance {

// The entries of a file that people write: one a line; empty lines and lines that begin with # are skipped. An entry
// has a member `line`. `read_line(text, entry)` says what is wrong with a line, or nothing; the error names the file
// and the line.
template <class Entry, class ReadLine>
Expected<std::vector<Entry>> read_strict_lines(const std::string& text, const std::string& file, ReadLine read_line) {
  std::vector<Entry> entries;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#') continue;
    Entry entry;
    entry.line = number;
    if (const std::string error = read_line(line, entry); !error.empty())
      return failure(fmt::format("{}:{}: {}", file, number, error));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace assay::conformance
