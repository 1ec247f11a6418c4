#include "conformance/command/command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>

#include "conformance/adapters/plugin/plugin_host.h"
#include "conformance/command/add_commands.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/process_start.h"
#include "conformance/deployments/forms.h"
#include "conformance/reports/json_report.h"
#include "conformance/vocabulary/trace_version.h"
#include "faults/points/layout.h"

namespace assay::conformance {
namespace {

// For people and for bug reports: the program, and the version of each format that it speaks.
std::string identity_text(const SuiteIdentity& suite) {
  return fmt::format(
      "Assay {}, commit {}\ntrace format {}, report format {}, deployments format {}, control block {}\n",
      suite.version, suite.commit, trace_version, report_schema, deployments_schema, points::kVersion);
}

// For an argument that a command cannot do without: what it is.
std::optional<std::string> missing_argument(const CLI::App& app, const CLI::ParseError& error,
                                            const std::string& command) {
  const std::string said = error.what();
  const std::size_t end = said.find(" is required");
  if (error.get_name() != "RequiredError" || end == std::string::npos) return std::nullopt;
  const CLI::Option* option = app.get_subcommand(command)->get_option_no_throw(said.substr(0, end));
  if (option == nullptr) return std::nullopt;
  return fmt::format("an argument is missing, {}: {}", option->get_name(), option->get_description());
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
  return fmt::format("{} (see: assay {} --help)", missing_argument(app, error, first).value_or(error.what()), first);
}

int parse_and_run(int argc, char** argv, const SuiteIdentity& suite) {
  CLI::App app("Assay tells whether a PHP cache can be trusted.", "assay");
  app.set_version_flag(
      "--version", [&] { return identity_text(suite); }, "name, version, commit and formats");
  app.require_subcommand(1);
  int status = 0;
  add_commands(app, suite, status);
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
