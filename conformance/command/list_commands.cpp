#include "conformance/command/list_commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/contract.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/command/unlocks.h"
#include "conformance/execution/executor.h"
#include "conformance/mutation/mutant.h"
#include "conformance/registry/test_ids.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

const char* profile_name(Profile profile) {
  return profile == Profile::quick ? "quick" : profile == Profile::standard ? "standard" : "thorough";
}

Json test_to_json(const TestCase& test) {
  return Json{{"test", test.id},
              {"title", test.title},
              {"kind", test.kind},
              {"area", test.area},
              {"clauses", test.clauses},
              {"features", features_needed(test)},
              {"profile", profile_name(test.profile)},
              {"source", fmt::format("{}:{}", test.file, test.line)}};
}

void explain_clause(const Clause& clause) {
  const auto strength_of = [&](Rules rules) { return clause.strengths[static_cast<std::size_t>(rules)]; };
  say("{}  {}\n\n{}\n\n", clause.id, clause.title, clause.statement);
  if (!clause.observe.empty()) say("Observe:  {}\n", clause.observe);
  say("Level:    {}\n", clause.level);
  say("Strength: {} (portable), {} (php)\n", to_text(strength_of(Rules::portable)), to_text(strength_of(Rules::php)));
  say("Holds:    {}\n", validity_text(clause));
  if (!clause.feature.empty()) say("Feature:  {}\n", clause.feature);
  if (!clause.unobservable.empty()) say("No test can exist: {}\n", clause.unobservable);
  say("Source:   {}:{}\n\nTests:\n", clause.file, clause.line);
  bool any = false;
  for (const TestCase& test : all_tests()) {
    if (std::count(test.clauses.begin(), test.clauses.end(), clause.id) == 0) continue;
    say("  {:<40}  {} ({}; {}:{})\n", test.id, test.title, test.kind, test.file, test.line);
    any = true;
  }
  if (!any) say("  none\n");
  const std::vector<std::string> mutants = mutants_that_break(clause.id);
  if (!mutants.empty()) say("\nMutants that break it:\n  {}\n", fmt::join(mutants, "\n  "));
}

void explain_test(const TestCase& test) {
  say("{}\n{} ({}, profile {})\nClauses:  {}\nFeatures: {} (which target claims them: assay targets)\nSource:   {}:{}\n"
      "Run:      assay run --target TARGET --filter {}\n",
      test.id, test.title, test.kind, profile_name(test.profile), fmt::join(test.clauses, ", "),
      fmt::join(features_needed(test), ", "), test.file, test.line, test.id);
  for (const std::string& id : test.clauses) {
    if (const Clause* clause = find_clause(id))
      say("\n{}  {}  ({}:{})\n{}\n", clause->id, clause->title, clause->file, clause->line, clause->statement);
  }
  if (test.trace) say("\nTrace:\n{}", to_text(test.trace(Description{})));
}

void explain_point(const points::CatalogueEntry& point) {
  say("{}\n\n{}\n\n", point.name, point.meaning);
  say("Effects:  {}\n", points::effects_text(point.effects));
  say("Visited:  {}\n", point.group == points::Group::call
                            ? "by the preloaded interposer, in any program (docs/interposer.md)"
                            : "by the reference");
  if (!point.error.empty()) say("Sweeps:   refuse it with {}\n", point.error);
  const bool fails = point.allows(points::Effect::fail);
  const std::string_view error = point.error.empty() ? "EIO" : std::string_view(point.error);
  say("In a trace:        {{\"action\": \"arm\", \"point\": \"{}\", {}}}\n", point.name,
      fails ? fmt::format("\"effect\": \"fail\", \"error\": \"{}\"", error) : "\"effect\": \"pause\"");
  say("In a plan by hand: {} {} once:1\n", point.name, fails ? fmt::format("fail:{}", error) : "pause");
}

// The most valuable feature first.
void say_unlocks(const Unlocks& unlocks) {
  std::vector<std::pair<std::string, Unlocked>> features(unlocks.by_feature.begin(), unlocks.by_feature.end());
  std::stable_sort(features.begin(), features.end(),
                   [](const auto& a, const auto& b) { return a.second.tests > b.second.tests; });
  for (const auto& [feature, unlocked] : features)
    say("             {:<32} {:>4} tests, {:>3} clauses\n", feature, unlocked.tests, unlocked.clauses);
  if (unlocks.several > 0) say("             {:<32} {:>4} tests\n", "several of them", unlocks.several);
}

}  // namespace

int list_tests(const SelectionOptions& options, bool json) {
  auto selected = select_tests(options);
  if (!selected) {
    complain(selected.error().message);
    return exit_wrong_use;
  }
  if (json) {
    Json list = Json::array();
    for (const TestCase* test : selected->tests) list.push_back(test_to_json(*test));
    say("{}\n", list.dump(2));
    return 0;
  }
  for (const TestCase* test : selected->tests) {
    say("{:<40}  {}\n{:42}[{}]  clauses {}  needs {}\n", test->id, test->title, "", test->kind,
        fmt::join(test->clauses, " "), fmt::join(features_needed(*test), " "));
  }
  say("{} {}\n", selected->tests.size(), selected->tests.size() == 1 ? "test" : "tests");
  return 0;
}

namespace {

void say_indented(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) say("             {}\n", line);
}

// What a target claims, and what more it could.
void say_claims(const Description& description) {
  std::size_t unlocked = 0, locked = 0;
  for (const Clause& clause : all_clauses()) {
    if (!clause.unobservable.empty()) continue;
    const bool claimed = clause.feature.empty() || description.features.contains(std::string(clause.feature));
    ++(claimed ? unlocked : locked);
  }
  say("           can start: version {}, contract {}, claims {}\n", description.version, description.contract,
      fmt::join(description.features, ", "));
  say("           {} clauses can be asked of it, {} more with further features:\n", unlocked, locked);
  say_unlocks(what_unlocks(description.features));
}

void say_target(const TargetKind& kind, const std::vector<std::pair<std::string, std::string>>& options,
                const Target& target) {
  if (const std::string found = kind.found ? kind.found(options) : ""; !found.empty()) {
    say("           found:\n");
    say_indented(found);
  }
  say_claims(target.description());
}

int list_all_targets() {
  for (const TargetKind& kind : target_kinds()) {
    say("{:<10} {}\n", kind.name, kind.summary);
    for (const auto& [option, meaning] : kind.options) say("             {}=...  {}\n", option, meaning);
    const auto target = kind.make({});
    if (target)
      say_target(kind, {}, **target);
    else
      say("           cannot start here: {}\n", target.error().message);
  }
  return 0;
}

}  // namespace

int list_targets(const std::string& named) {
  if (named.empty()) return list_all_targets();
  const auto opened = open_target(named);
  if (!opened.target) return opened.status;
  const auto chosen = choose_target(named);
  say("{}\n", named);
  say_target(*chosen->kind, chosen->options, *opened.target);
  return 0;
}

int explain(const std::string& what) {
  if (const Clause* clause = find_clause(what)) {
    explain_clause(*clause);
    return 0;
  }
  if (const TestCase* test = find_test(what)) {
    explain_test(*test);
    return 0;
  }
  if (const auto* point = points::find_point(what)) {
    explain_point(*point);
    return 0;
  }
  if (what.find('/') != std::string::npos) {
    if (const std::string hint = hint_for_unknown_test(what); !hint.empty()) {
      complain(fmt::format("\"{}\" is no clause, test or point{}; see: assay list", what, hint));
      return exit_wrong_use;
    }
  }
  const auto near = near_ids(what);
  complain(fmt::format("\"{0}\" is no clause, test or point{1}; see: assay find {0}, assay list", what,
                       near.empty() ? "" : fmt::format("; near it: {}", fmt::join(near, ", "))));
  return exit_wrong_use;
}

}  // namespace assay::conformance
