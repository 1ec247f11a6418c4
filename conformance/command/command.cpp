#include "conformance/command/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <sstream>

#include "conformance/adapters/plugin/plugin_host.h"
#include "conformance/catalogue/contract.h"
#include "conformance/command/command_help.h"
#include "conformance/command/compare_command.h"
#include "conformance/command/completion.h"
#include "conformance/command/demo_command.h"
#include "conformance/command/deployments_command.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/find_command.h"
#include "conformance/command/guarded.h"
#include "conformance/command/ledger_command.h"
#include "conformance/command/list_commands.h"
#include "conformance/command/man_page.h"
#include "conformance/command/map_command.h"
#include "conformance/command/merge_command.h"
#include "conformance/command/mutants_command.h"
#include "conformance/command/operators_command.h"
#include "conformance/command/options.h"
#include "conformance/command/output.h"
#include "conformance/command/process_start.h"
#include "conformance/command/replay_command.h"
#include "conformance/command/run_command.h"
#include "conformance/deployments/forms.h"
#include "conformance/vocabulary/trace_version.h"
#include "faults/points/layout.h"

namespace assay::conformance {
namespace {

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
                 "propose expectations: a new file with each failure that is not listed, for you to mend")
      ->check(not_empty());
  app.add_option("--baseline", options.baseline, "an earlier JSON report to compare with")->check(not_empty());
  app.add_flag("--strict", options.strict, "failed should clauses decide too");
  app.add_option("--durations", options.durations, "name the N slowest tests")->check(whole_number(0, 100'000));
}

void add_run(CLI::App& app, RunCommand& run) {
  add_selection(app, run.selection);
  app.add_option("--target", run.target, "NAME[:OPTION=VALUE,...]; see assay targets")->capture_default_str();
  app.add_option("--contract", run.contract, "portable, rfc-2.0, or php-7.4 to php-8.5; that of the target's PHP where left out")
      ->check(CLI::IsMember(Contract::names()));
  app.add_option("--seed", run.seed, "of everything that is random")
      ->capture_default_str()
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  app.add_option("--jobs", run.jobs, "tests at the same time; one for each processor where left out")
      ->check(whole_number(1, 256));
  app.add_flag("--sweep", run.sweep, "run each test that is a trace with every fault at every point that it comes to");
  app.add_flag("--fail-fast", run.fail_fast, "stop at the first test that fails");
  add_conclusion(app, run.conclusion);
  app.add_option("--rerun-failed", run.rerun_failed, "run only what failed in an earlier JSON report")
      ->check(not_empty());
  app.add_option("--failures", run.failures, "folder for what replays each failure; empty: none")
      ->capture_default_str();
}

void add_operators(CLI::App& app, CLI::Option* flag, OperatorsCommand& operators) {
  app.add_option("--sample", operators.sample, "so many changes of each area, chosen by --seed; all where left out")
      ->check(whole_number(1, 1'000'000))
      ->needs(flag);
  app.add_option("--seed", operators.seed, "of the sample")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->needs(flag);
  app.add_option("--profile", operators.profile, "quick, standard or thorough")->capture_default_str()->needs(flag);
  app.add_option("--folder", operators.folder, "of the build, which is kept; SOURCE/build/mutants where left out")
      ->check(not_empty())
      ->needs(flag);
  app.add_option("--json", operators.json, "write the result as JSON")->check(not_empty())->needs(flag);
  app.add_option("--page", operators.page, "write the result as a page of the documents")
      ->check(not_empty())
      ->needs(flag);
}

// For people and for bug reports: the program, and the version of each format that it speaks.
std::string identity_text(const SuiteIdentity& suite) {
  return fmt::format(
      "Assay {}, commit {}\ntrace format {}, report format {}, deployments format {}, control block {}\n",
      suite.version, suite.commit, trace_version, report_schema, deployments_schema, points::kVersion);
}

void add_compare(CLI::App& app, CompareCommand& compare) {
  app.add_option("a", compare.a, "NAME[:OPTION=VALUE,...]; see assay targets")->required();
  app.add_option("b", compare.b, "the other one; may be the same with other options or directives")->required();
  app.add_option("--ini-a", compare.ini_a, "NAME=VALUE, a directive of the first target; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--ini-b", compare.ini_b, "NAME=VALUE, a directive of the second target; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--seed", compare.seed, "of the first history")->capture_default_str();
  app.add_option("--seconds", compare.seconds, "no new history after this time; 60 where --histories is left out too")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--histories", compare.histories, "so many histories")->check(CLI::PositiveNumber);
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

// What is wrong with the command line, and what to do.
std::string explained_error(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(command->get_name());
  const std::string known = fmt::format("{}", fmt::join(commands, ", "));
  if (first.empty()) return fmt::format("name a command: {} (see: assay --help)", known);
  if (first[0] != '-' && std::count(commands.begin(), commands.end(), first) == 0)
    return fmt::format("unknown command \"{}\"; commands are {}", first, known);
  return fmt::format("{} (see: assay {} --help)", error.what(), first);
}

}  // namespace

namespace {

int parse_and_run(int argc, char** argv, const SuiteIdentity& suite) {
  CLI::App app("Assay tells whether a PHP cache can be trusted.", "assay");
  app.set_version_flag(
      "--version", [&] { return identity_text(suite); }, "name, version, commit and formats");
  app.require_subcommand(1);
  int status = 0;

  RunCommand run;
  auto* run_app = app.add_subcommand("run", "run the suite on a target");
  add_run(*run_app, run);
  run_app->callback([&] { status = run_suite(run, suite); });

  SelectionOptions listed;
  bool list_json = false;
  auto* list_app = app.add_subcommand("list", "tests with the clauses and features that each needs");
  listed.profile = "thorough";
  add_selection(*list_app, listed);
  list_app->add_flag("--json", list_json, "print JSON");
  list_app->callback([&] { status = list_tests(listed, list_json); });

  std::string explained;
  auto* explain_app = app.add_subcommand("explain", "what a clause, a test or a point is");
  explain_app->add_option("what", explained, "CLAUSE, TEST or POINT")->required();
  explain_app->callback([&] { status = explain(explained); });

  std::vector<std::string> words;
  auto* find_app = app.add_subcommand("find", "clauses, tests and points whose text has all of some words");
  find_app->add_option("words", words, "in any case; all must be there")->required()->check(not_empty());
  find_app->callback([&] { status = find_by_words(words); });

  ReplayOptions replayed;
  auto* replay_app = app.add_subcommand("replay", "execute a trace file");
  replay_app->add_option("trace", replayed.trace, "a trace file (JSON Lines)")->required();
  replay_app->add_option("--target", replayed.target)->capture_default_str();
  replay_app->add_option("--phpt", replayed.phpt, "print it as a PHPT test into this file instead")->check(not_empty());
  replay_app
      ->add_option("--state", replayed.state, "of a trace that explores crash states: kill after this many stores")
      ->check(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  replay_app->add_flag("--allow-outside", replayed.allow_outside,
                       "let the trace change the files outside of its sandbox that it names");
  replay_app->callback([&] { status = replay(replayed); });

  std::string export_folder, export_target = "reference";
  auto* export_app = app.add_subcommand("export", "write every test that is a trace as a file that judges itself");
  export_app->add_option("folder", export_folder, "which is made")->required()->check(not_empty());
  export_app->add_option("--target", export_target, "whose declared choices the expectations follow")
      ->capture_default_str();
  export_app->callback([&] { status = export_traces(export_folder, export_target); });

  auto* targets_app = app.add_subcommand("targets", "the adapters, and whether each can start here");
  std::string named_target;
  targets_app->add_option("target", named_target, "only this one, with its options: NAME[:OPTION=VALUE,...]");
  targets_app->callback([&] { status = list_targets(named_target); });

  MapCommand map;
  auto* map_app = app.add_subcommand("map", "a PHP file that maps your extension to the static cache");
  add_map(*map_app, map);
  map_app->callback([&] { status = map_command(map); });

  DemoCommand shown;
  auto* demo_app =
      app.add_subcommand("demo", "runs example stores that are wrong in one way each (a minute or two), and names the test that catches each");
  demo_app->add_option("stores", shown.ways, "only these; all where left out");
  demo_app->add_option("--form", shown.form, "only as a process, or only as a plugin")
      ->check(CLI::IsMember({"process", "plugin"}));
  demo_app->callback([&] { status = demo(shown); });

  std::vector<std::string> matrix_reports;
  std::string matrix_page;
  auto* matrix_app = app.add_subcommand("matrix", "several JSON reports side by side");
  matrix_app->add_option("reports", matrix_reports, "JSON reports")->required();
  matrix_app->add_option("--html", matrix_page, "write a page instead of Markdown on standard output")
      ->check(not_empty());
  bool of_versions = false;
  matrix_app->add_flag("--versions", of_versions, "only what differs between versions of one implementation, and why")
      ->excludes("--html");
  matrix_app->callback([&] { status = matrix(matrix_reports, matrix_page, of_versions); });

  std::vector<std::string> merged_reports;
  ConclusionOptions merged;
  auto* merge_app = app.add_subcommand("merge", "the JSON reports of the shards of one run as one report");
  merge_app->add_option("reports", merged_reports, "JSON reports of all shards")->required();
  add_conclusion(*merge_app, merged);
  merge_app->callback([&] { status = merge(merged_reports, merged); });

  DeploymentsCommand deployments;
  auto* deployments_app = app.add_subcommand("deployments", "deployment strategies, measured side by side");
  deployments_app->add_option("--target", deployments.target)->capture_default_str();
  deployments_app->add_option("--strategy", deployments.only, "only these; all where left out")->delimiter(',');
  deployments_app->add_option("--json", deployments.json, "write what was measured as JSON")->check(not_empty());
  deployments_app->add_option("--html", deployments.html, "write it as one page with a line of time for each worker")
      ->check(not_empty());
  deployments_app->callback([&] { status = compare_deployments(deployments); });

  CompareCommand compared;
  auto* compare_app = app.add_subcommand("compare", "the same random histories on two targets, every reply compared");
  add_compare(*compare_app, compared);
  compare_app->callback([&] { status = compare_targets(compared); });

  MutantsCommand mutants;
  auto* mutants_app = app.add_subcommand("mutants", "the mutation score of the suite on the reference");
  mutants_app->add_flag("--list", mutants.list, "only list them");
  mutants_app->add_flag("--run", mutants.run, "build and run them (the default lists)");
  mutants_app->add_option("--area", mutants.areas, "only mutants of clauses of these areas")->delimiter(',');
  mutants_app->add_option("--source", mutants.source, "a checkout of the project")->capture_default_str();
  mutants_app->add_option("--filter", mutants.filters, "glob on mutant names; may be repeated");
  mutants_app->add_option("--tests", mutants.tests, "only these may catch them: glob on test names; may be repeated");
  mutants_app->add_option("--survivors", mutants.survivors, "folder for the program of each survivor")
      ->check(not_empty())
      ->capture_default_str();
  OperatorsCommand operators;
  bool wants_operators = false;
  auto* by_operators = mutants_app->add_flag("--operators", wants_operators,
                                             "generic changes of the reference instead, that nobody wrote");
  add_operators(*mutants_app, by_operators, operators);
  mutants_app->callback([&] {
    operators.run = mutants.run;
    operators.areas = mutants.areas;
    operators.tests = mutants.tests;
    operators.source = mutants.source;
    status = wants_operators ? run_operators(operators, suite) : run_mutants(mutants);
  });

  std::vector<std::string> ledger_areas, ledger_reports;
  std::string ledger_contract;
  bool ledger_json = false;
  auto* ledger_app = app.add_subcommand("ledger", "every clause: strength, tests, mutants, last verdicts");
  ledger_app->add_option("--area", ledger_areas, "only clauses of these areas")->delimiter(',');
  ledger_app->add_option("--contract", ledger_contract, "strengths under this contract");
  ledger_app->add_option("--report", ledger_reports, "JSON reports whose verdicts are shown");
  ledger_app->add_flag("--json", ledger_json, "print JSON");
  ledger_app->callback([&] { status = ledger(ledger_areas, ledger_contract, ledger_reports, ledger_json); });

  auto* man_app = app.add_subcommand("man", "the manual page assay(1), as roff");
  man_app->callback([&] { put(man_page(command_help(app), suite.version)); });

  std::string shell;
  auto* completion_app = app.add_subcommand("completion", "what completes command lines in a shell");
  completion_app->add_option("shell", shell, "for which shell")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(completion_shells), std::end(completion_shells))));
  completion_app->callback([&] { put(completion(command_help(app), shell)); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream help;
      app.exit(error, help, help);
      put(help.str());
      return exit_conforms;
    }
    complain(explained_error(app, error, argc > 1 ? argv[1] : ""));
    return exit_wrong_use;
  }
  return status;
}

}  // namespace

int run_program(int argc, char** argv, const SuiteIdentity& suite) {
  // How the target plugin starts this program again; no command for people.
  if (argc == 3 && argv[1] == std::string_view(plugin::kHostCommand)) return plugin::host_plugin(argv[2]);
  if (auto prepared = prepare_process(argv); !prepared) {
    complain(prepared.error().message);
    return exit_suite_broke;
  }
  return end_output(without_exceptions([&] { return parse_and_run(argc, argv, suite); }));
}

}  // namespace assay::conformance
