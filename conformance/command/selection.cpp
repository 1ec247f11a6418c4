#include "conformance/command/selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/unlocks.h"
#include "conformance/registry/test_ids.h"
#include "conformance/reports/expectations.h"
#include "conformance/reports/shards.h"

namespace assay::conformance {
namespace {

// One part of a run; the first of one where none is asked for.
struct Shard {
  int index = 1;
  int count = 1;
};

Expected<Shard> parse_shard(const std::string& text) {
  const auto shards = shards_from_text(text);
  if (!shards) return failure("--" + shards.error().message);
  if (shards->indexes.size() > 1) return failure(fmt::format("--shard {}: write one, for example 1/4", text));
  return text.empty() ? Shard{} : Shard{*shards->indexes.begin(), shards->count};
}

std::string area_of_feature(const std::string& feature) {
  constexpr std::pair<std::string_view, std::string_view> areas[] = {
      {"static_cache", "static"}, {"script_cache.file_cache", "file"}, {"script_cache.preload", "preload"},
      {"script_cache", "script"}, {"realpath_cache", "realpath"},      {"deploy", "deploy"}};
  for (const auto& [prefix, area] : areas) {
    if (feature.starts_with(prefix)) return std::string(area);
  }
  return "";
}

// A test of a guarantee belongs to the areas whose caches it uses, too.
bool uses_one_of(const TestCase& test, const std::vector<std::string>& areas) {
  if (test.area != "guarantees") return false;
  const std::set<std::string> needed = features_needed(test);
  return std::any_of(needed.begin(), needed.end(), [&](const std::string& feature) {
    return std::count(areas.begin(), areas.end(), area_of_feature(feature)) > 0;
  });
}

bool in_areas(const TestCase& test, const std::vector<std::string>& areas) {
  if (areas.empty() || uses_one_of(test, areas)) return true;
  return std::any_of(test.clauses.begin(), test.clauses.end(), [&](const std::string& id) {
    const Clause* clause = find_clause(id);
    return clause && std::count(areas.begin(), areas.end(), to_text(clause->area)) > 0;
  });
}

bool passes_filters(const TestCase& test, const std::vector<std::string>& filters) {
  bool wanted = true, any_positive = false, hit = false;
  for (const std::string& filter : filters) {
    if (filter.starts_with('!')) {
      wanted = wanted && !matches_glob(filter.substr(1), test.id);
    } else {
      any_positive = true;
      hit = hit || matches_glob(filter, test.id);
    }
  }
  return wanted && (!any_positive || hit);
}

bool checks_one_of(const TestCase& test, const std::vector<std::string>& clauses) {
  return clauses.empty() || std::any_of(test.clauses.begin(), test.clauses.end(), [&](const std::string& id) {
           return std::count(clauses.begin(), clauses.end(), id) > 0;
         });
}

std::string text_of(const SelectionOptions& options) {
  std::string text;
  if (!options.areas.empty()) text += fmt::format("--area {} ", fmt::join(options.areas, ","));
  for (const std::string& filter : options.filters) text += fmt::format("--filter '{}' ", filter);
  for (const std::string& clause : options.clauses) text += fmt::format("--clause {} ", clause);
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace

Expected<void> check_areas(const std::vector<std::string>& areas) {
  for (const std::string& area : areas) {
    if (!area_named(area)) {
      return failure(fmt::format(
          "--area {}: unknown; areas are script, preload, file, realpath, static, deploy, guarantees", area));
    }
  }
  return {};
}

Expected<Profile> profile_named(const std::string& name) {
  if (name == "quick") return Profile::quick;
  if (name == "standard") return Profile::standard;
  if (name == "thorough") return Profile::thorough;
  return failure(fmt::format("--profile {}: unknown; profiles are quick, standard, thorough", name));
}

Expected<void> check_clause(const std::string& id) {
  if (find_clause(id)) return {};
  const auto near = near_ids(id);
  return failure(fmt::format("unknown clause \"{}\"{}; all clauses: assay ledger", id,
                             near.empty() ? "" : fmt::format("; near it: {}", fmt::join(near, ", "))));
}

Expected<void> check_filters(const std::vector<std::string>& filters) {
  for (const std::string& filter : filters) {
    const std::string glob = filter.starts_with('!') ? filter.substr(1) : filter;
    const bool names_one = std::any_of(all_tests().begin(), all_tests().end(),
                                       [&](const TestCase& test) { return matches_glob(glob, test.id); });
    if (!names_one)
      return failure(
          fmt::format("no test matches --filter '{}'{}; see: assay list", filter, hint_for_unmatched_filter(glob)));
  }
  return {};
}

Expected<SelectedTests> select_tests(const SelectionOptions& options) {
  const auto profile = profile_named(options.profile);
  if (!profile) return tl::unexpected(profile.error());
  const auto shard = ASSAY_TRY(parse_shard(options.shard));
  ASSAY_TRY(check_areas(options.areas));
  for (const std::string& clause : options.clauses) {
    ASSAY_TRY(check_clause(clause));
  }
  ASSAY_TRY(check_filters(options.filters));
  SelectedTests selected;
  selected.profile = *profile;
  std::size_t matching = 0;
  for (const TestCase& test : all_tests()) {
    if (test.profile > *profile || !in_areas(test, options.areas) || !passes_filters(test, options.filters) ||
        !checks_one_of(test, options.clauses)) {
      continue;
    }
    if (static_cast<int>(matching++ % static_cast<std::size_t>(shard.count)) + 1 != shard.index) continue;
    selected.tests.push_back(&test);
    selected.selection.clauses.insert(test.clauses.begin(), test.clauses.end());
  }
  selected.selection.text = text_of(options);
  selected.selection.areas = {options.areas.begin(), options.areas.end()};
  selected.selection.narrowed = !options.filters.empty() || !options.clauses.empty();
  selected.selection.shard = options.shard;
  // A shard may be empty: its part of few tests is none.
  if (matching == 0) return failure(fmt::format("no test matches {}; see: assay list", selected.selection.text));
  return selected;
}

}  // namespace assay::conformance
