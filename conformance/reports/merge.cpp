#include "conformance/reports/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/registry/test_case.h"
#include "conformance/reports/shards.h"

namespace assay::conformance {
namespace {

// What must be the same in all parts, in words.
std::vector<std::pair<const char*, std::string>> common_facts(const RunReport& report) {
  return {{"suite", report.suite.version + " " + report.suite.commit},
          {"profile", report.suite.profile},
          {"seed", fmt::format("{}", report.suite.seed)},
          {"target", report.target.name + " " + report.target.version},
          {"target option", report.target.option},
          {"features", fmt::format("{}", fmt::join(report.target.features, " "))},
          {"contract", report.contract},
          {"PHP", report.target.php},
          {"selection", report.selection.text}};
}

Expected<void> check_alike(const NamedReport& first, const NamedReport& other) {
  const auto wanted = common_facts(first.saved.report), found = common_facts(other.saved.report);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].second == found[i].second) continue;
    return failure(fmt::format("{} and {} are not parts of one run: {} \"{}\" and \"{}\"; merge shards of one run",
                               first.file, other.file, wanted[i].first, wanted[i].second, found[i].second));
  }
  return {};
}

Expected<void> check_raw(const NamedReport& part) {
  if (!part.saved.report.with_expectations) return {};
  return failure(part.file +
                 ": was compared with expectations already; run the shards without --expectations, and merge with it");
}

Expected<Shards> shards_of(const NamedReport& part) {
  auto shards = shards_from_text(part.saved.report.selection.shard);
  if (!shards) return failure(part.file + ": " + shards.error().message);
  return shards;
}

// "" where all parts are there, else "1+3/4".
Expected<std::string> shards_in(const std::vector<NamedReport>& parts) {
  const Shards first = ASSAY_TRY(shards_of(parts.front()));
  std::set<int> indexes;
  for (const NamedReport& part : parts) {
    const Shards shards = ASSAY_TRY(shards_of(part));
    if (shards.count != first.count) {
      return failure(fmt::format("{} and {} are not parts of one run: shard \"{}\" and \"{}\"; merge shards of one run",
                                 parts.front().file, part.file, parts.front().saved.report.selection.shard,
                                 part.saved.report.selection.shard));
    }
    indexes.insert(shards.indexes.begin(), shards.indexes.end());
  }
  if (static_cast<int>(indexes.size()) == first.count) return "";
  return fmt::format("{}/{}", fmt::join(indexes, "+"), first.count);
}

void sort_like_registry(std::vector<TestResult>& results) {
  std::map<std::string, std::size_t> position;
  for (std::size_t i = 0; i < all_tests().size(); ++i) position[all_tests()[i].id] = i;
  std::stable_sort(results.begin(), results.end(),
                   [&](const TestResult& a, const TestResult& b) { return position[a.test] < position[b.test]; });
}

Expected<void> add(const NamedReport& part, RunReport& merged, std::map<std::string, std::string>& file_of) {
  const RunReport& report = part.saved.report;
  for (const TestResult& result : report.results) {
    const auto [known, is_new] = file_of.try_emplace(result.test, part.file);
    if (!is_new) return failure(fmt::format("{} and {} both have the test {}", known->second, part.file, result.test));
    merged.results.push_back(result);
  }
  merged.selection.clauses.insert(report.selection.clauses.begin(), report.selection.clauses.end());
  merged.reproducers.insert(report.reproducers.begin(), report.reproducers.end());
  merged.interrupted |= report.interrupted;
  merged.started = std::min(merged.started, report.started);
  merged.finished = std::max(merged.finished, report.finished);
  return {};
}

}  // namespace

Expected<RunReport> merge_reports(const std::vector<NamedReport>& parts) {
  RunReport merged = parts.front().saved.report;
  merged.results.clear();
  std::map<std::string, std::string> file_of;
  for (const NamedReport& part : parts) {
    ASSAY_TRY(check_raw(part));
    ASSAY_TRY(check_alike(parts.front(), part));
    ASSAY_TRY(add(part, merged, file_of));
  }
  merged.selection.shard = ASSAY_TRY(shards_in(parts));
  sort_like_registry(merged.results);
  return merged;
}

}  // namespace assay::conformance
