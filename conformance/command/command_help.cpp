#include "conformance/command/command_help.h"

#include <algorithm>

#include "conformance/adapters/target_kinds.h"

namespace assay::conformance {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// CLI11 writes the values of a set into the name of the type: TEXT:{quick,standard}.
std::vector<std::string> values_in(const std::string& type) {
  const auto open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return split(type.substr(open + 1, close - open - 1), ',');
}

std::vector<std::string> target_names() {
  std::vector<std::string> names;
  for (const TargetKind& kind : target_kinds()) names.push_back(kind.name);
  return names;
}

std::vector<std::string> values_of(const std::string& name, const std::string& type) {
  if (name == "--target") return target_names();
  if (name == "--profile") return {"quick", "standard", "thorough"};
  if (name == "--area") return {"script", "preload", "file", "realpath", "static", "deploy", "guarantees"};
  return values_in(type);
}

OptionHelp help_of(const CLI::Option& option) {
  OptionHelp help;
  help.is_positional = option.get_positional();
  help.name = help.is_positional ? option.get_name(true) : option.get_name();
  if (!help.is_positional && !option.get_lnames().empty()) help.name = "--" + option.get_lnames().front();
  help.takes_value = option.get_items_expected_max() > 0;
  help.values = values_of(help.name, option.get_type_name());
  help.description = option.get_description();
  help.standard = option.get_default_str();
  return help;
}

CommandHelp help_of(const CLI::App& command) {
  CommandHelp help{command.get_name(), command.get_description(), {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option != command.get_help_ptr()) help.options.push_back(help_of(*option));
  }
  return help;
}

}  // namespace

std::vector<CommandHelp> command_help(const CLI::App& program) {
  std::vector<CommandHelp> commands;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(help_of(*command));
  return commands;
}

}  // namespace assay::conformance
