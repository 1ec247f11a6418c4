#include "conformance/reports/expectations.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

#include "conformance/catalogue/php_version.h"
#include "conformance/reports/strict_json.h"
#include "conformance/reports/strict_lines.h"
#include "conformance/vocabulary/input_file.h"
#include "conformance/vocabulary/json_text.h"

namespace assay::conformance {
namespace {

// Empty where the line is well formed.
std::string read_line(const std::string& line, Expectation& entry) {
  const auto json = json_from_file(line);
  if (!json)
    return json.error().message +
           "; each line holds one object {\"test\" or \"clause\", \"verdict\", \"reason\", \"link\"}";
  std::string error, verdict;
  StrictObject object(*json, "", error);
  object.optional_text("test", entry.test);
  object.optional_text("clause", entry.clause);
  object.text("verdict", verdict);
  object.text("reason", entry.reason);
  object.text("link", entry.link);
  object.optional_text("since", entry.since);
  object.optional_text("until", entry.until);
  object.done();
  if (!error.empty()) return error;
  if (entry.test.empty() == entry.clause.empty()) return "give either \"test\" (a glob) or \"clause\" (an id)";
  if (verdict != "fail") {
    return fmt::format(
        "field \"verdict\": \"{}\" cannot be expected, only \"fail\"; skips need no listing, and what is "
        "inconclusive or broken is no deviation",
        verdict);
  }
  for (const auto& [field, list] : {std::pair("since", &entry.since), std::pair("until", &entry.until)}) {
    if (!list->empty() && !is_version_list(*list))
      return fmt::format("field \"{}\": \"{}\" is no list of versions, as in \"8.4.27, 8.5.3\"", field, *list);
  }
  return what_lacks_grounds(entry.reason, entry.link, "why the target deviates");
}

bool names(const Expectation& entry, const TestResult& result, const std::map<std::string, Verdict>& clauses) {
  return entry.test.empty() ? clauses.count(entry.clause) > 0 : matches_glob(entry.test, result.test);
}

Verdict verdict_under(const Expectation& entry, const TestResult& result,
                      const std::map<std::string, Verdict>& clauses) {
  return entry.clause.empty() ? result.verdict : clauses.at(entry.clause);
}

// Whether it is about this version of the target; a version that cannot be read is one that every entry is about.
bool is_dated_for(const Expectation& entry, const std::string& version) {
  const auto number = php_version_from(version);
  if (!number) return true;
  if (!entry.since.empty() && !has_begun(entry.since, *number)) return false;
  return entry.until.empty() || !has_begun(entry.until, *number);
}

std::string listed(const Expectation& entry) {
  return fmt::format("{} ({})", entry.reason, entry.link);
}

// A clause that a monitor watches passes in most tests: the ones that are about it say more.
bool is_about(const Expectation& entry, const TestResult& result) {
  return entry.clause.empty() || result.test.starts_with(entry.clause + "/");
}

class Application {
 public:
  Application(const std::vector<Expectation>& expectations, RunReport& report)
      : expectations_(expectations), report_(report) {
    for (const TestResult& result : report.results) clauses_.push_back(clause_verdicts(result));
  }

  std::vector<Expectation> apply() {
    std::vector<Expectation> unused;
    std::vector<const Expectation*> passing;
    for (const Expectation& entry : expectations_) {
      bool named = false, failed = false, passed = false;
      for (std::size_t i = 0; i < report_.results.size(); ++i) {
        if (!names(entry, report_.results[i], clauses_[i])) continue;
        named = true;
        const Verdict verdict = verdict_under(entry, report_.results[i], clauses_[i]);
        failed |= verdict == Verdict::fail;
        passed |= verdict == Verdict::pass;
      }
      if (!named) unused.push_back(entry);
      if (passed && !failed) passing.push_back(&entry);
    }
    for (std::size_t i = 0; i < report_.results.size(); ++i) accept_failure(report_.results[i], clauses_[i]);
    for (const Expectation* entry : passing) accept_passes(*entry);
    return unused;
  }

 private:
  // Every clause that fails in the result must be listed, by itself or through the test.
  void accept_failure(TestResult& result, const std::map<std::string, Verdict>& clauses) {
    if (result.verdict != Verdict::fail) return;
    const Expectation* reason = nullptr;
    for (const auto& [id, verdict] : clauses) {
      if (verdict != Verdict::fail) continue;
      const auto found =
          std::find_if(expectations_.begin(), expectations_.end(), [&, &clause = id](const Expectation& e) {
            return e.test.empty() ? e.clause == clause : matches_glob(e.test, result.test);
          });
      if (found == expectations_.end()) return;
      if (!reason) reason = &*found;
    }
    if (!reason) return;
    result.verdict = Verdict::known_deviation;
    result.reason = listed(*reason) + ": " + result.reason;
    result.clauses = clauses;
    for (auto& [id, verdict] : result.clauses) {
      if (verdict == Verdict::fail) verdict = Verdict::known_deviation;
    }
  }

  void accept_passes(const Expectation& entry) {
    const bool any_about = std::any_of(report_.results.begin(), report_.results.end(), [&](const TestResult& r) {
      return is_about(entry, r) && r.verdict == Verdict::pass;
    });
    for (std::size_t i = 0; i < report_.results.size(); ++i) {
      TestResult& result = report_.results[i];
      if (result.verdict != Verdict::pass || !names(entry, result, clauses_[i])) continue;
      if (any_about && !is_about(entry, result)) continue;
      result.verdict = Verdict::unexpected_pass;
      result.reason = "passes, but is listed as a deviation: " + listed(entry);
      result.clauses = clauses_[i];
      for (auto& [id, verdict] : result.clauses) {
        if (verdict == Verdict::pass && (entry.clause.empty() || id == entry.clause))
          verdict = Verdict::unexpected_pass;
      }
      if (!any_about) return;  // one is enough to say it
    }
  }

  const std::vector<Expectation>& expectations_;
  RunReport& report_;
  std::vector<std::map<std::string, Verdict>> clauses_;
};

}  // namespace

std::string what_lacks_grounds(const std::string& reason, const std::string& link, const char* why) {
  if (reason.find_first_not_of(' ') == std::string::npos) return fmt::format("field \"reason\": say {}", why);
  if (link.empty() || link.find(' ') != std::string::npos)
    return "field \"link\": say where the deviation is written down";
  return "";
}

bool matches_glob(const std::string& glob, const std::string& name) {
  return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

Expected<std::vector<Expectation>> expectations_from_text(const std::string& text, const std::string& file) {
  return read_strict_lines<Expectation>(text, file, read_line);
}

Expected<std::vector<Expectation>> read_expectations(const std::string& file) {
  return expectations_from_text(ASSAY_TRY(read_input_file(file, "give the path of an expectation file")), file);
}

std::vector<Expectation> apply_expectations(const std::vector<Expectation>& expectations, RunReport& report) {
  std::vector<Expectation> dated;
  std::copy_if(expectations.begin(), expectations.end(), std::back_inserter(dated),
               [&](const Expectation& entry) { return is_dated_for(entry, report.target.version); });
  return Application(dated, report).apply();
}

}  // namespace assay::conformance
