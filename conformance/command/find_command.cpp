#include "conformance/command/find_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/registry/test_case.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

bool has(std::string_view text, std::string_view word) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return has(text, word); });
}

// Lines below a heading, which is printed with the first.
class Section {
 public:
  explicit Section(std::string_view heading) : heading_(heading) {}

  void add(std::string_view id, std::string_view title, const std::string& source) {
    if (found_++ == 0) say("{}\n", heading_);
    say("  {:<40}  {}{}\n", id, title, source);
  }
  std::size_t found() const { return found_; }

 private:
  std::string_view heading_;
  std::size_t found_ = 0;
};

}  // namespace

int find_by_words(const std::vector<std::string>& words) {
  Section clauses("Clauses"), tests("Tests"), points("Points");
  for (const Clause& clause : all_clauses()) {
    if (has_all(fmt::format("{} {} {} {}", clause.id, clause.title, clause.statement, clause.observe), words))
      clauses.add(clause.id, clause.title, fmt::format("  ({}:{})", clause.file, clause.line));
  }
  for (const TestCase& test : all_tests()) {
    if (has_all(fmt::format("{} {}", test.id, test.title), words)) tests.add(test.id, test.title, "");
  }
  for (const auto& point : points::catalogue()) {
    if (has_all(fmt::format("{} {}", point.name, point.meaning), words)) points.add(point.name, point.meaning, "");
  }
  if (clauses.found() + tests.found() + points.found() > 0) return exit_conforms;
  complain(
      fmt::format("no clause, test or point has all of these words: {}; try fewer, or look "
                  "the word up in docs/glossary.md",
                  fmt::join(words, ", ")));
  return exit_wrong_use;
}

}  // namespace assay::conformance
