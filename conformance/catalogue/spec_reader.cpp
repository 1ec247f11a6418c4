#include "conformance/catalogue/spec_reader.h"

#include <re2/re2.h>
#include <algorithm>
#include <set>
#include <utility>

#include "conformance/catalogue/php_version.h"

namespace assay::conformance {
namespace {

using Page = Expected<std::vector<SpecClause>>;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Remarks in parentheses, nested ones too, are no part of what a level says.
std::string without_parentheses(std::string_view text) {
  std::string result;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) result.push_back(c);
    if (c == ')' && depth > 0) --depth;
  }
  return result;
}

// What may stand for a first version.
bool is_undated(std::string_view since) {
  return since == "any" || since == "unknown" || since == "rfc 2.0.0";
}

std::string first_word(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < 'a' || c > 'z'; });
  return {text.begin(), end};
}

// One reading of one page. Fields that a clause still lacks are known by `seen_`.
class PageReader {
 public:
  explicit PageReader(std::string_view file) : file_(file) {}

  Page read(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
      ++line_;
      take(line);
      if (!error_.empty()) return failure(error_);
    }
    finish();
    if (!error_.empty()) return failure(error_);
    return std::move(clauses_);
  }

 private:
  void take(std::string_view line) {
    static const re2::RE2 heading(R"(### ((?:PL|RP|SC|ST)-[A-Z]+-\d\d|DP-\d\d) (.+))");
    static const re2::RE2 guarantee(R"(- \*\*(GU-[A-Z]+-\d\d) ([^*]+?)\.?\*\*(?: \(\*should\*\))?\.? ?(.+))");
    static const re2::RE2 field(R"((?:  )?- ([A-Z][a-z]+): ?(.*))");
    const re2::StringPiece whole(line.data(), line.size());
    std::string name, title, text;
    if (re2::RE2::FullMatch(whole, heading, &name, &text)) {
      open(std::move(name), trimmed(text));
    } else if (re2::RE2::FullMatch(whole, guarantee, &name, &title, &text)) {
      open_guarantee(std::move(name), std::move(title), trimmed(text));
    } else if (line.starts_with("#") || line.starts_with("---")) {
      finish();
    } else if (open_ && re2::RE2::FullMatch(whole, field, &name, &text)) {
      set(name, trimmed(text));
    } else if (open_ && !trimmed(line).empty()) {
      clause_.statement += "\n" + trimmed(line);
    }
  }

  void open(std::string id, std::string title) {
    finish();
    clause_ = SpecClause{};
    clause_.area = *area_by_prefix(id);
    clause_.id = std::move(id);
    clause_.title = std::move(title);
    clause_.line = line_;
    seen_.clear();
    open_ = true;
    if (!ids_.insert(clause_.id).second) fail("is there twice");
  }

  void open_guarantee(std::string id, std::string title, std::string statement) {
    open(std::move(id), std::move(title));
    clause_.statement = std::move(statement);
    clause_.level = "guarantee";
    clause_.evidence = EvidenceLevel::guarantee;
    seen_ = {"Statement", "Observe", "Level", "Faults"};
  }

  void set(const std::string& name, std::string value) {
    if (!seen_.insert(name).second) return fail("has a second '- " + name + ":' line");
    if (value.empty()) return fail("has an empty '- " + name + ":' line");
    if (name == "Statement") {
      clause_.statement = std::move(value);
    } else if (name == "Observe") {
      clause_.observe = std::move(value);
    } else if (name == "Level") {
      set_level(std::move(value));
    } else if (name == "Faults") {
      set_faults(std::move(value));
    } else if (name == "Strength") {
      set_strength(value);
    } else if (name == "Since") {
      set_since(value);
    } else {
      fail("has a line '- " + name + ":', which is no field of a clause");
    }
  }

  void set_level(std::string value) {
    const std::string plain = without_parentheses(value);
    const auto evidence = evidence_level_named(first_word(plain));
    if (!evidence) return fail("has a level that does not begin with a word of evidence: '" + value + "'");
    clause_.evidence = *evidence;
    const auto parts = split(plain, ';');
    clause_.documented =
        *evidence == EvidenceLevel::documented || std::find(parts.begin(), parts.end(), "documented") != parts.end();
    clause_.level = std::move(value);
  }

  void set_faults(std::string value) {
    if (value.ends_with('.')) value.pop_back();
    if (value != "-" && value != "none") clause_.faults = std::move(value);
  }

  // "portable should; php must": both once.
  void set_strength(const std::string& value) {
    std::set<Rules> named;
    for (const std::string& part : split(value, ';')) {
      const auto space = part.find(' ');
      const auto rules = rules_named(part.substr(0, space));
      const auto strength = strength_named(space == std::string::npos ? "" : part.substr(space + 1));
      if (!rules || !strength || !named.insert(*rules).second) return fail("has a malformed strength: '" + value + "'");
      clause_.strengths[static_cast<std::size_t>(*rules)] = *strength;
    }
    if (named.size() != kRulesCount) fail("does not name both portable and php in its strength: '" + value + "'");
  }

  // "8.2; until -"; "7.4; until 8.4.27, 8.5.3": lists of php_version.h, or a word instead of the first.
  void set_since(const std::string& value) {
    const auto parts = split(value, ';');
    constexpr std::string_view kUntil = "until ";
    if (parts.size() != 2 || parts[0].empty() || !parts[1].starts_with(kUntil)) {
      return fail("has a malformed since: '" + value + "' (as in '8.2; until -')");
    }
    clause_.since = parts[0];
    const std::string until = parts[1].substr(kUntil.size());
    clause_.until = until == "-" ? "" : until;
    for (const std::string& list : {clause_.since, clause_.until}) {
      if (list.empty() || is_undated(list) || is_version_list(list)) continue;
      return fail("is dated by '" + list + "': write versions, one for each branch and ascending ('8.4.27, 8.5.3')");
    }
  }

  void finish() {
    if (!open_ || !error_.empty()) return;
    open_ = false;
    for (const char* name : {"Statement", "Observe", "Level", "Faults", "Strength", "Since"}) {
      if (!seen_.contains(name)) return fail("has no '- " + std::string(name) + ":' line");
    }
    clauses_.push_back(std::move(clause_));
  }

  void fail(const std::string& what) {
    if (error_.empty())
      error_ = std::string(file_) + ":" + std::to_string(clause_.line) + ": " + clause_.id + " " + what;
  }

  std::string_view file_;
  int line_ = 0;
  bool open_ = false;
  SpecClause clause_;
  std::set<std::string> seen_;
  std::set<std::string> ids_;
  std::vector<SpecClause> clauses_;
  std::string error_;
};

}  // namespace

std::optional<Area> area_by_prefix(std::string_view id) {
  // The longer prefix stands first.
  static constexpr std::array<std::pair<std::string_view, Area>, 7> kPrefixes = {{{"SC-FIL-", Area::file},
                                                                                  {"SC-", Area::script},
                                                                                  {"PL-", Area::preload},
                                                                                  {"RP-", Area::realpath},
                                                                                  {"ST-", Area::statics},
                                                                                  {"DP-", Area::deploy},
                                                                                  {"GU-", Area::guarantees}}};
  for (const auto& [prefix, area] : kPrefixes) {
    if (id.starts_with(prefix)) return area;
  }
  return std::nullopt;
}

Expected<std::vector<SpecClause>> read_spec_page(std::string_view file, std::string_view text) {
  return PageReader(file).read(text);
}

}  // namespace assay::conformance
