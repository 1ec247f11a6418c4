#include "conformance/command/mutants_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/project_copy.h"
#include "conformance/command/selection.h"
#include "conformance/mutation/mutant.h"
#include "conformance/reports/expectations.h"
#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

bool wanted(const Mutant& mutant, const MutantsCommand& command) {
  if (!command.filters.empty() &&
      std::none_of(command.filters.begin(), command.filters.end(),
                   [&](const std::string& glob) { return matches_glob(glob, mutant.name); }))
    return false;
  return command.areas.empty() || std::any_of(mutant.clauses.begin(), mutant.clauses.end(), [&](const std::string& id) {
           const Clause* clause = find_clause(id);
           return clause && std::count(command.areas.begin(), command.areas.end(), to_text(clause->area)) > 0;
         });
}

// One copy of the project, built once; each mutant is planted in it, built on top, and taken out again.
class MutantBuild {
 public:
  MutantBuild(const fs::path& source, const fs::path& folder) : project_(source, folder) {}

  Expected<void> prepare() {
    ASSAY_TRY(project_.copy_sources());
    ASSAY_TRY(project_.configure());
    return project_.compile();
  }

  // A catch means something only if the same tests pass without a mutant.
  Expected<void> check_unplanted(const std::string& selection) const {
    const auto red = ASSAY_TRY(first_catch(selection));
    if (red) return failure(fmt::format("{} fails without any mutant: nothing can be said about mutants", *red));
    return {};
  }

  Expected<void> plant(const Mutant& mutant) {
    for (const Edit& edit : mutant.edits) {
      const fs::path file = project_.copy() / edit.file;
      if (!fs::exists(file)) {
        return failure(fmt::format("faults/mutants/{}.json: there is no file {} any more; let it follow the source",
                                   mutant.name, edit.file));
      }
      const auto text = ASSAY_TRY(read_input_file(file));
      const auto changed = ASSAY_TRY(planted(mutant, edit, text));
      originals_.emplace(file, text);
      // For the compiler a system header: what the defect leaves unused is no error.
      const bool again = text.starts_with("# 1 ");
      ASSAY_TRY(write_report_file(file, again ? changed : fmt::format("# 1 \"{}\" 3\n{}", edit.file, changed)));
    }
    return project_.compile();
  }

  // Puts back what plant() changed, if it changed anything.
  Expected<void> take_out() {
    for (const auto& [file, text] : originals_) {
      ASSAY_TRY(write_report_file(file, text));
    }
    originals_.clear();
    return {};
  }

  // Runs part of the suite on the reference as it was built last; the first test that fails, also when it runs alone
  // (on a busy machine a time limit can be missed), or nothing. An error says that the suite itself broke.
  Expected<std::optional<std::string>> first_catch(const std::string& selection) const {
    const auto failures = ASSAY_TRY(failures_of(selection));
    for (const std::string& test : failures) {
      const auto again = ASSAY_TRY(failures_of(fmt::format("--profile standard --filter '{}'", test)));
      if (!again.empty()) return std::optional(test);
    }
    return std::optional<std::string>();
  }

  // Keeps the program as it was built last; its path.
  Expected<fs::path> keep(const std::string& name, const fs::path& folder) const {
    std::error_code code;
    fs::create_directories(folder, code);
    const fs::path kept = folder / name;
    if (!code) fs::copy_file(project_.program(), kept, fs::copy_options::overwrite_existing, code);
    if (code) return failure(fmt::format("cannot keep the program as {}: {}", kept.string(), code.message()));
    return kept;
  }

 private:
  Expected<std::vector<std::string>> failures_of(const std::string& selection) const {
    std::vector<std::string> failures;
    for (const TestResult& result : ASSAY_TRY(project_.run(selection))) {
      if (result.verdict == Verdict::fail || result.verdict == Verdict::error) failures.push_back(result.test);
    }
    return failures;
  }

  ProjectCopy project_;
  std::map<fs::path, std::string> originals_;
};

// What is run on each mutant, one selection after the other until something fails.
class Selections {
 public:
  explicit Selections(const std::vector<std::string>& tests) {
    for (const std::string& glob : tests) tests_ += fmt::format(" --filter '{}'", glob);
  }

  std::string unplanted() const { return tests_.empty() ? "--profile quick" : "--profile standard" + tests_; }

  // The tests of the mutant's own clauses come first: most are caught at once. Where there are none, all are run.
  std::vector<std::string> of(const Mutant& mutant) const {
    if (!tests_.empty()) return {"--profile standard" + tests_};
    std::vector<std::string> selections;
    for (const char* profile : {"quick", "standard"}) {
      SelectionOptions own;
      own.profile = profile;
      own.clauses = mutant.clauses;
      if (const auto found = select_tests(own); found && !found->tests.empty())
        selections.push_back(fmt::format("--profile {} --clause {}", profile, fmt::join(mutant.clauses, ",")));
    }
    selections.insert(selections.end(), {"--profile quick", "--profile standard"});
    return selections;
  }

 private:
  std::string tests_;
};

Expected<std::optional<std::string>> caught_by(const MutantBuild& workshop,
                                               const std::vector<std::string>& selections) {
  for (const std::string& selection : selections) {
    auto test = ASSAY_TRY(workshop.first_catch(selection));
    if (test) return test;
  }
  return std::optional<std::string>();
}

enum class Outcome { caught, survived, broken };

// Judges one mutant that is planted or could not be, and prints what became of it.
Outcome judge(const MutantBuild& workshop, const Mutant& mutant, const Expected<void>& ready,
              const Selections& selections, const fs::path& survivors) {
  const auto began = std::chrono::steady_clock::now();
  const auto test = ready ? caught_by(workshop, selections.of(mutant)) : tl::unexpected(ready.error());
  if (!test) {
    say("{:<40} BROKEN    {}\n", mutant.name, test.error().message);
    return Outcome::broken;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  say("{:<40} {:<9} {:6.1f} s  {}\n", mutant.name, *test ? "caught" : "SURVIVED", seconds,
      test->value_or(mutant.summary));
  if (*test) return Outcome::caught;
  const auto kept = workshop.keep(mutant.name, survivors);
  say("{:<40} the program with it: {}\n", "", kept ? kept->string() : kept.error().message);
  return Outcome::survived;
}

int run_all(const std::vector<const Mutant*>& mutants, const Selections& selections, const fs::path& source,
            const fs::path& survivors, const fs::path& folder) {
  MutantBuild workshop(source, folder);
  if (auto prepared = workshop.prepare(); !prepared) {
    complain(prepared.error().message);
    return exit_suite_broke;
  }
  if (auto green = workshop.check_unplanted(selections.unplanted()); !green) {
    complain(green.error().message);
    return exit_suite_broke;
  }
  std::map<Outcome, std::size_t> outcomes;
  for (const Mutant* mutant : mutants) {
    const auto ready = workshop.plant(*mutant);
    ++outcomes[judge(workshop, *mutant, ready, selections, survivors)];
    flush_output();
    if (auto restored = workshop.take_out(); !restored) {
      complain(restored.error().message);
      return exit_suite_broke;
    }
  }
  say("{} of {} mutants caught\n", outcomes[Outcome::caught], mutants.size());
  if (outcomes[Outcome::broken] > 0) return exit_suite_broke;
  return outcomes[Outcome::survived] == 0 ? exit_conforms : exit_violates;
}

}  // namespace

int run_mutants(const MutantsCommand& command) {
  if (auto known = check_areas(command.areas); !known) {
    complain(known.error().message);
    return exit_wrong_use;
  }
  if (!all_mutants()) {
    complain(all_mutants().error().message);
    return exit_suite_broke;
  }
  std::vector<const Mutant*> mutants;
  for (const Mutant& mutant : *all_mutants()) {
    if (wanted(mutant, command)) mutants.push_back(&mutant);
  }
  if (mutants.empty()) {
    complain("no mutant matches; see: assay mutants --list");
    return exit_wrong_use;
  }
  if (!command.tests.empty()) {
    SelectionOptions only;
    only.profile = "standard";
    only.filters = command.tests;
    if (auto found = select_tests(only); !found) {
      complain(found.error().message);
      return exit_wrong_use;
    }
  }
  if (!command.run || command.list) {
    for (const Mutant* mutant : mutants) {
      say("{:<40} {:<6} {}  [{}]\n", mutant->name, mutant->defect, mutant->summary, fmt::join(mutant->clauses, " "));
    }
    say("{} mutants\n", mutants.size());
    return exit_conforms;
  }
  return run_in_temporary_folder([&](const fs::path& folder) {
    return run_all(mutants, Selections(command.tests), fs::absolute(command.source), fs::absolute(command.survivors),
                   folder);
  });
}

}  // namespace assay::conformance
