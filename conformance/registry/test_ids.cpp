#include "conformance/registry/test_ids.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "conformance/registry/test_case.h"
#include "support/text/edit_distance.h"

namespace assay::conformance {
namespace {

constexpr std::size_t most_named = 3;

const RenamedTest* find_renamed(std::span<const RenamedTest> renamed, std::string_view former) {
  const auto found = std::ranges::lower_bound(renamed, former, {}, &RenamedTest::first);
  return found == renamed.end() || found->first != former ? nullptr : &*found;
}

// The end of a chain of renamings: an id, or "-"; nothing for what was never renamed.
std::optional<std::string> end_of(std::span<const RenamedTest> renamed, std::string_view former) {
  std::optional<std::string> now;
  const RenamedTest* next = find_renamed(renamed, former);
  for (std::size_t steps = 0; next && steps <= renamed.size(); ++steps) {
    now = std::string(next->second);
    next = find_renamed(renamed, *now);
  }
  return now;
}

// The tests that the former ids named by a glob are called now.
std::vector<std::string> now_of_glob(const std::string& glob) {
  std::set<std::string> now;
  for (const auto& [former, next] : renamed_tests()) {
    if (::fnmatch(glob.c_str(), std::string(former).c_str(), 0) != 0) continue;
    if (auto id = id_now(former)) now.insert(std::move(*id));
  }
  return {now.begin(), now.end()};
}

bool shares_a_word(std::string_view a, std::string_view b) {
  constexpr std::size_t shortest = 4;
  for (std::size_t begin = 0; begin < a.size();) {
    const std::size_t end = std::min(a.find('-', begin), a.size());
    if (end - begin >= shortest && b.find(a.substr(begin, end - begin)) != std::string_view::npos) return true;
    begin = end + 1;
  }
  return false;
}

// Those that few typing errors are away, then those of the same clause, if a word is the same first; best first.
std::vector<std::string> near_tests(std::string text) {
  std::erase_if(text, [](char c) { return c == '*' || c == '?'; });
  const auto slash = text.find('/');
  const std::string clause = text.substr(0, slash);
  const std::string slug = slash == std::string::npos ? "" : text.substr(slash + 1);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const TestCase& test : all_tests()) {
    const std::size_t errors = edit_distance(text, test.id);
    if (errors <= 3) {
      near.emplace_back(errors, test.id);
    } else if (clause == test.clauses.front()) {
      near.emplace_back(shares_a_word(slug, test.id) ? 4 : 5, test.id);
    } else if (edit_distance(clause, test.clauses.front()) == 1) {
      near.emplace_back(6, test.id);
    }
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> ids;
  for (auto& [errors, id] : near) ids.push_back(std::move(id));
  return ids;
}

bool names_clause(const std::string& text) {
  return std::ranges::any_of(all_tests(), [&](const TestCase& test) { return test.clauses.front() == text; });
}

// "an entry is checked" is an-entry-is-checked where a title was made an id.
std::string slug_of_title(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

// The test whose title makes the slug of this id.
std::optional<std::string> titled_so(const std::string& id) {
  const auto slash = id.find('/');
  if (slash == std::string::npos) return std::nullopt;
  for (const TestCase& test : all_tests()) {
    if (test.clauses.front() == id.substr(0, slash) && slug_of_title(test.title) == id.substr(slash + 1))
      return test.id;
  }
  return std::nullopt;
}

std::size_t count_containing(const std::string& text) {
  if (text.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      all_tests(), [&](const TestCase& test) { return test.id.find(text) != std::string::npos; }));
}

std::string some_of(const std::vector<std::string>& ids) {
  const std::size_t shown = std::min(ids.size(), most_named);
  std::string text = fmt::format("{}", fmt::join(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (ids.size() > shown) text += fmt::format(" and {} more", ids.size() - shown);
  return text;
}

}  // namespace

bool is_test_id(std::string_view id) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos || slash == 0 || id.size() > longest_test_id) return false;
  std::string_view rest = id.substr(slash + 1);
  const auto allowed = [](char c) {
    return std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) || c == '-';
  };
  if (rest.empty() || !std::ranges::all_of(rest, allowed)) return false;
  while (true) {
    const auto hyphen = rest.find('-');
    const std::string_view word = rest.substr(0, hyphen);
    if (word.empty() || word == "a" || word == "an" || word == "the") return false;
    if (hyphen == std::string_view::npos) return true;
    rest.remove_prefix(hyphen + 1);
  }
}

std::string title_of(const std::string& id) {
  const TestCase* test = find_test(id);
  return test ? test->title : "";
}

std::optional<std::string> id_now(std::string_view former) {
  auto now = end_of(renamed_tests(), former);
  if (now == "-") return std::nullopt;
  return now;
}

std::string hint_for_unknown_test(const std::string& id_or_glob) {
  if (const auto now = now_of_glob(id_or_glob); !now.empty())
    return fmt::format("; {} now {}", now.size() == 1 ? "it is" : "they are", some_of(now));
  if (find_renamed(renamed_tests(), id_or_glob)) return "; this test is gone";
  if (names_clause(id_or_glob)) return fmt::format("; it is a clause, so try '{0}/*' or --clause {0}", id_or_glob);
  if (const auto titled = titled_so(id_or_glob)) return fmt::format("; it is now {}", *titled);
  if (const auto near = near_tests(id_or_glob); !near.empty()) return fmt::format("; near it: {}", some_of(near));
  return "";
}

std::string hint_for_unmatched_filter(const std::string& glob) {
  if (std::string hint = hint_for_unknown_test(glob); !hint.empty()) return hint;
  if (const std::size_t count = count_containing(glob); count > 0)
    return fmt::format("; a filter is a glob over whole ids, so try '*{}*', which matches {}", glob, count);
  return "; a filter is a glob over whole ids such as SC-VAL-02/window";
}

std::vector<std::string> broken_ids(std::span<const std::string> published, std::span<const std::string> registered,
                                    std::span<const RenamedTest> renamed) {
  std::vector<std::string> broken;
  const std::set<std::string> lines(published.begin(), published.end());
  const std::set<std::string> tests(registered.begin(), registered.end());
  if (!std::ranges::is_sorted(published)) broken.emplace_back("test_ids.txt is not sorted");
  if (!std::ranges::is_sorted(renamed, {}, &RenamedTest::first)) broken.emplace_back("renamed_tests.txt is not sorted");
  for (const std::string& id : tests) {
    if (!is_test_id(id)) broken.push_back(id + ": no id of a test (test_ids.h)");
    if (!lines.contains(id)) broken.push_back(id + ": add it to test_ids.txt");
    if (find_renamed(renamed, id)) broken.push_back(id + ": was the id of another test once; take another one");
  }
  for (const std::string& id : lines) {
    if (!tests.contains(id) && !find_renamed(renamed, id))
      broken.push_back(id + ": no test has it any more; say in renamed_tests.txt what it is called now");
  }
  for (const auto& [former, next] : renamed) {
    const auto now = end_of(renamed, former);
    if (now != "-" && !tests.contains(*now))
      broken.push_back(fmt::format("{}: renamed_tests.txt says {}, which no test has", former, *now));
  }
  return broken;
}

}  // namespace assay::conformance
