#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace assay::conformance {

// What --help knows of one command, as data: the man page and the completions are made of it, so that they never differ.
struct OptionHelp {
  std::string name;  // "--profile"; the word of a positional
  bool is_positional = false;
  bool takes_value = false;
  std::vector<std::string> values;  // all that are allowed, or those worth offering; empty: a file or a text
  std::string description;
  std::string standard;  // the default, as text; empty where there is none
};

struct CommandHelp {
  std::string name;
  std::string summary;
  std::vector<OptionHelp> options;
};

// The commands of the program in the order of --help.
std::vector<CommandHelp> command_help(const CLI::App& program);

}  // namespace assay::conformance
