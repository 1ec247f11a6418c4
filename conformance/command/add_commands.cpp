#include "conformance/command/add_commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>

#include "conformance/catalogue/contract.h"
#include "conformance/command/command_help.h"
#include "conformance/command/compare_command.h"
#include "conformance/command/completion.h"
#include "conformance/command/demo_command.h"
#include "conformance/command/deployments_command.h"
#include "conformance/command/find_command.h"
#include "conformance/command/ledger_command.h"
#include "conformance/command/list_commands.h"
#include "conformance/command/man_page.h"
#include "conformance/command/map_command.h"
#include "conformance/command/merge_command.h"
#include "conformance/command/mutants_command.h"
#include "conformance/command/operators_command.h"
#include "conformance/command/options.h"
#include "conformance/command/output.h"
#include "conformance/command/replay_command.h"
#include "conformance/command/run_command.h"

namespace assay::conformance {
namespace {

constexpr const char* target_help = "NAME[:OPTION=VALUE,...]; see assay targets";

void add_selection(CLI::App& app, SelectionOptions& selection) {
  app.add_option("--profile", selection.profile, "quick, standard or thorough")->capture_default_str();
  app.add_option("--area", selection.areas, "script,preload,file,realpath,static,deploy,guarantees")->delimiter(',');
  app.add_option("--filter", selection.filters, "glob on test names; a leading ! excludes; may be repeated");
  app.add_option("--clause", selection.clauses, "tests of this clause; may be repeated")->delimiter(',');
  app.add_option("--shard", selection.shard, "I/N: the I-th of N parts; see assay merge")->check(not_empty());
}

void add_report(CLI::App& app, const char* name, std::string& file, const char* form) {
  app.add_option(name, file, fmt::format("write the report as {}; - is standard output", form))->check(not_empty());
}

void add_conclusion(CLI::App& app, ConclusionOptions& options) {
  add_report(app, "--json", options.files.json, "JSON");
  add_report(app, "--junit", options.files.junit, "JUnit XML");
  add_report(app, "--tap", options.files.tap, "TAP 13");
  add_report(app, "--sarif", options.files.sarif, "SARIF");
  add_report(app, "--html", options.files.html, "one HTML page");
  app.add_option(
         "--expectations", options.expectations,
         "failures known beforehand, a file, or \"known\": those of the program for this target and version; the "
         "exit status is about change then")
      ->check(not_empty());
  app.add_option("--write-expectations", options.write_expectations,
                 "propose expectations: a new file with each failure that is not listed, for you to edit")
      ->check(not_empty());
  app.add_option("--baseline", options.baseline, "an earlier JSON report to compare with")->check(not_empty());
  app.add_flag("--strict", options.strict, "failed should clauses decide too");
  app.add_option("--durations", options.durations, "name the N slowest tests")->check(whole_number(0, 100'000));
}

void add_run(CLI::App& app, RunCommand& run) {
  add_selection(app, run.selection);
  app.add_option("--target", run.target, target_help)->capture_default_str();
  app.add_option("--contract", run.contract,
                 "portable, rfc-2.0, or php-7.4 to php-8.5; that of the target's PHP where left out")
      ->check(CLI::IsMember(Contract::names()));
  app.add_option("--seed", run.seed, "seed of all random choices")
      ->capture_default_str()
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  app.add_option("--jobs", run.jobs, "tests at the same time; one for each processor where left out")
      ->check(whole_number(1, 256));
  app.add_flag("--sweep", run.sweep, "run each test that is a trace with every fault at every point that it reaches");
  app.add_flag("--fail-fast", run.fail_fast, "stop at the first failure that decides");
  add_conclusion(app, run.conclusion);
  app.add_option("--rerun-failed", run.rerun_failed, "run only what failed in an earlier JSON report")
      ->check(not_empty());
  app.add_option("--failures", run.failures, "folder for what replays each failure; empty: none")
      ->capture_default_str();
}

void add_operators(CLI::App& app, CLI::Option* flag, OperatorsCommand& operators) {
  app.add_option("--sample", operators.sample, "N changes of each area, chosen by --seed; all where left out")
      ->check(whole_number(1, 1'000'000))
      ->needs(flag);
  app.add_option("--seed", operators.seed, "seed that chooses the sample")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->needs(flag);
  app.add_option("--profile", operators.profile, "quick, standard or thorough")->capture_default_str()->needs(flag);
  app.add_option("--folder", operators.folder, "build folder, kept between runs; SOURCE/build/mutants where left out")
      ->check(not_empty())
      ->needs(flag);
  app.add_option("--json", operators.json, "write the result as JSON")->check(not_empty())->needs(flag);
  app.add_option("--page", operators.page, "write the result as a page of the documents")
      ->check(not_empty())
      ->needs(flag);
}

void add_compare(CLI::App& app, CompareCommand& compare) {
  app.add_option("a", compare.a, target_help)->required();
  app.add_option("b", compare.b, "the other one; may be the same with other options or directives")->required();
  app.add_option("--ini-a", compare.ini_a, "NAME=VALUE, a directive of the first target; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--ini-b", compare.ini_b, "NAME=VALUE, a directive of the second target; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--seed", compare.seed, "seed of the first history")->capture_default_str();
  app.add_option("--seconds", compare.seconds, "no new history after this time; 60 where --histories is left out too")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--histories", compare.histories, "stop after N histories")->check(CLI::PositiveNumber);
  app.add_option("--area", compare.areas, "script,realpath,static")->delimiter(',')->allow_extra_args(false);
  app.add_flag("--memory", compare.memory, "compare bytes of memory as well");
  app.add_option("--expectations", compare.expectations, "differences known beforehand, by kind");
  app.add_option("--traces", compare.traces, "folder for what replays each difference; empty: none")
      ->capture_default_str();
  app.add_option("--phpt", compare.phpt, "folder for the differences as PHPT tests");
  app.add_option("--json", compare.json, "write what was found as JSON");
}

void add_map(CLI::App& app, MapCommand& map) {
  app.add_option("--new", map.fresh, "write a map to begin with into this file")->check(not_empty());
  app.add_option("--like", map.like, "with --new: a copy of that map; see --list")->capture_default_str();
  app.add_option("--check", map.check, "say what this map claims, has and lacks, and try each operation once")
      ->check(not_empty());
  app.add_option("--target", map.target,
                 "with --check: php-fpm with its options, for example php-fpm:extension=yours.so")
      ->capture_default_str();
  app.add_flag("--list", map.list, "the maps of the project, each of which can be copied");
}

// Each command keeps its options, and leaves in `status` what the program ends with.
void add_run_command(CLI::App& app, const SuiteIdentity& suite, int& status) {
  auto options = std::make_shared<RunCommand>();
  auto* command = app.add_subcommand("run", "run the suite on a target");
  add_run(*command, *options);
  command->callback([options, &suite, &status] { status = run_suite(*options, suite); });
}

void add_list_command(CLI::App& app, int& status) {
  struct Options {
    SelectionOptions selection;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  options->selection.profile = "thorough";
  auto* command = app.add_subcommand("list", "tests with the clauses and features that each needs");
  add_selection(*command, options->selection);
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &status] { status = list_tests(options->selection, options->json); });
}

void add_explain_command(CLI::App& app, int& status) {
  auto what = std::make_shared<std::string>();
  auto* command = app.add_subcommand("explain", "what a clause, a test or a point is");
  command->add_option("what", *what, "CLAUSE, TEST or POINT, for example SC-VAL-02")->required();
  command->callback([what, &status] { status = explain(*what); });
}

void add_find_command(CLI::App& app, int& status) {
  auto words = std::make_shared<std::vector<std::string>>();
  auto* command = app.add_subcommand("find", "search clauses, tests and points for words");
  command->add_option("words", *words, "in any case; all must be there")->required()->check(not_empty());
  command->callback([words, &status] { status = find_by_words(*words); });
}

void add_replay_command(CLI::App& app, int& status) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command = app.add_subcommand("replay", "execute a trace file");
  command->add_option("trace", options->trace, "a trace file (JSON Lines)")->required();
  command->add_option("--target", options->target, target_help)->capture_default_str();
  command->add_option("--phpt", options->phpt, "print it as a PHPT test into this file instead")->check(not_empty());
  command->add_option("--state", options->state, "of a trace that explores crash states: kill after this many stores")
      ->check(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  command->add_flag("--allow-outside", options->allow_outside,
                    "let the trace change the files outside of its sandbox that it names");
  command->callback([options, &status] { status = replay(*options); });
}

void add_export_command(CLI::App& app, int& status) {
  struct Options {
    std::string folder, target = "reference";
  };
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("export", "write every test that is a trace as a file that judges itself");
  command->add_option("folder", options->folder, "folder to create")->required()->check(not_empty());
  command->add_option("--target", options->target, "whose declared choices the expectations follow")
      ->capture_default_str();
  command->callback([options, &status] { status = export_traces(options->folder, options->target); });
}

void add_targets_command(CLI::App& app, int& status) {
  auto named = std::make_shared<std::string>();
  auto* command = app.add_subcommand("targets", "the adapters, and whether each can start here");
  command->add_option("target", *named, "only this one, with its options: NAME[:OPTION=VALUE,...]");
  command->callback([named, &status] { status = list_targets(*named); });
}

void add_map_command(CLI::App& app, int& status) {
  auto options = std::make_shared<MapCommand>();
  auto* command = app.add_subcommand("map", "a PHP file that maps your extension to the static cache");
  add_map(*command, *options);
  command->callback([options, &status] { status = map_command(*options); });
}

void add_demo_command(CLI::App& app, int& status) {
  auto options = std::make_shared<DemoCommand>();
  auto* command = app.add_subcommand("demo",
                                     "runs example stores that are wrong in one way each (a minute or two), and "
                                     "names the test that catches each");
  command->add_option("stores", options->ways, "only these; all where left out");
  command->add_option("--form", options->form, "only as a process, or only as a plugin")
      ->check(CLI::IsMember({"process", "plugin"}));
  command->callback([options, &status] { status = demo(*options); });
}

void add_matrix_command(CLI::App& app, int& status) {
  struct Options {
    std::vector<std::string> reports;
    std::string page;
    bool of_versions = false;
  };
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("matrix", "several JSON reports side by side");
  command->add_option("reports", options->reports, "REPORT.json of each run")->required();
  command->add_option("--html", options->page, "write a page instead of Markdown on standard output")
      ->check(not_empty());
  command
      ->add_flag("--versions", options->of_versions,
                 "only what differs between versions of one implementation, and why")
      ->excludes("--html");
  command->callback([options, &status] { status = matrix(options->reports, options->page, options->of_versions); });
}

void add_merge_command(CLI::App& app, int& status) {
  struct Options {
    std::vector<std::string> reports;
    ConclusionOptions conclusion;
  };
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("merge", "the JSON reports of the shards of one run as one report");
  command->add_option("reports", options->reports, "REPORT.json of each shard")->required();
  add_conclusion(*command, options->conclusion);
  command->callback([options, &status] { status = merge(options->reports, options->conclusion); });
}

void add_deployments_command(CLI::App& app, int& status) {
  auto options = std::make_shared<DeploymentsCommand>();
  auto* command = app.add_subcommand("deployments", "deployment strategies, measured side by side");
  command->add_option("--target", options->target, target_help)->capture_default_str();
  command->add_option("--strategy", options->only, "only these; all where left out")->delimiter(',');
  command->add_option("--json", options->json, "write what was measured as JSON")->check(not_empty());
  command->add_option("--html", options->html, "write it as one page with a line of time for each worker")
      ->check(not_empty());
  command->callback([options, &status] { status = compare_deployments(*options); });
}

void add_compare_command(CLI::App& app, int& status) {
  auto options = std::make_shared<CompareCommand>();
  auto* command = app.add_subcommand("compare", "the same random histories on two targets, every reply compared");
  add_compare(*command, *options);
  command->callback([options, &status] { status = compare_targets(*options); });
}

void add_mutants_command(CLI::App& app, const SuiteIdentity& suite, int& status) {
  struct Options {
    MutantsCommand by_hand;
    OperatorsCommand by_operators;
    bool wants_operators = false;
  };
  auto options = std::make_shared<Options>();
  MutantsCommand& mutants = options->by_hand;
  auto* command = app.add_subcommand("mutants", "the mutation score of the suite on the reference");
  command->add_flag("--list", mutants.list, "only list them");
  command->add_flag("--run", mutants.run, "build and run them (the default lists)");
  command->add_option("--area", mutants.areas, "only mutants of clauses of these areas")->delimiter(',');
  command->add_option("--source", mutants.source, "a checkout of the project")->capture_default_str();
  command->add_option("--filter", mutants.filters, "glob on mutant names; may be repeated");
  command->add_option("--tests", mutants.tests, "only these may catch them: glob on test names; may be repeated");
  command->add_option("--survivors", mutants.survivors, "folder for the program of each survivor")
      ->check(not_empty())
      ->capture_default_str();
  auto* by_operators = command->add_flag("--operators", options->wants_operators,
                                         "apply generated one-line changes instead of the hand-written mutants");
  add_operators(*command, by_operators, options->by_operators);
  command->callback([options, &suite, &status] {
    options->by_operators.run = options->by_hand.run;
    options->by_operators.areas = options->by_hand.areas;
    options->by_operators.tests = options->by_hand.tests;
    options->by_operators.source = options->by_hand.source;
    status = options->wants_operators ? run_operators(options->by_operators, suite) : run_mutants(options->by_hand);
  });
}

void add_ledger_command(CLI::App& app, int& status) {
  struct Options {
    std::vector<std::string> areas, reports;
    std::string contract;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("ledger", "every clause: strength, tests, mutants, last verdicts");
  command->add_option("--area", options->areas, "only clauses of these areas")->delimiter(',');
  command->add_option("--contract", options->contract, "strengths under this contract");
  command->add_option("--report", options->reports, "JSON reports whose verdicts are shown");
  command->add_flag("--json", options->json, "print JSON");
  command->callback(
      [options, &status] { status = ledger(options->areas, options->contract, options->reports, options->json); });
}

void add_man_command(CLI::App& app, const SuiteIdentity& suite) {
  auto* command = app.add_subcommand("man", "the manual page assay(1), as roff");
  command->callback([&app, &suite] { put(man_page(command_help(app), suite.version)); });
}

void add_completion_command(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion", "what completes command lines in a shell");
  command->add_option("shell", *shell, "for which shell")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(completion_shells), std::end(completion_shells))));
  command->callback([&app, shell] { put(completion(command_help(app), *shell)); });
}

}  // namespace

void add_commands(CLI::App& app, const SuiteIdentity& suite, int& status) {
  add_run_command(app, suite, status);
  add_list_command(app, status);
  add_explain_command(app, status);
  add_find_command(app, status);
  add_replay_command(app, status);
  add_export_command(app, status);
  add_targets_command(app, status);
  add_map_command(app, status);
  add_demo_command(app, status);
  add_matrix_command(app, status);
  add_merge_command(app, status);
  add_deployments_command(app, status);
  add_compare_command(app, status);
  add_mutants_command(app, suite, status);
  add_ledger_command(app, status);
  add_man_command(app, suite);
  add_completion_command(app);
}

}  // namespace assay::conformance
