#include "conformance/command/completion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay::conformance {
namespace {

// Options and positionals whose values are ids, which the program lists itself.
bool is_of_tests(const OptionHelp& option) {
  return option.name == "--filter" || option.name == "--tests";
}
bool is_of_clauses(const OptionHelp& option) {
  return option.name == "--clause" || option.name == "what";
}

constexpr std::string_view ids_of_tests = "assay list 2>/dev/null | sed -n 's,^\\([A-Z][^ ]*/[^ ]*\\) .*,\\1,p'";
constexpr std::string_view ids_of_clauses =
    "assay ledger 2>/dev/null | sed -n 's,^\\([A-Z][A-Z0-9-]*[0-9]\\) .*,\\1,p'";

// The words to offer for a value, as a shell expression; empty for files.
std::string offered(const OptionHelp& option) {
  if (!option.values.empty()) return fmt::format("{}", fmt::join(option.values, " "));
  if (is_of_tests(option)) return fmt::format("$({})", ids_of_tests);
  if (is_of_clauses(option)) return fmt::format("$({})", ids_of_clauses);
  return "";
}

std::vector<std::string> option_names(const CommandHelp& command) {
  std::vector<std::string> names = {"--help"};
  for (const OptionHelp& option : command.options) {
    if (!option.is_positional) names.push_back(option.name);
  }
  return names;
}

std::vector<std::string> command_names(const std::vector<CommandHelp>& commands) {
  std::vector<std::string> names;
  for (const CommandHelp& command : commands) names.push_back(command.name);
  return names;
}

// ---- bash ----

void add_bash_values(std::string& text, const CommandHelp& command) {
  for (const OptionHelp& option : command.options) {
    const std::string words = offered(option);
    if (option.is_positional || !option.takes_value) continue;
    text += words.empty() ? fmt::format("    '{} {}') COMPREPLY=($(compgen -f -- \"$word\")) && return ;;\n",
                                        command.name, option.name)
                          : fmt::format("    '{} {}') COMPREPLY=($(compgen -W \"{}\" -- \"$word\")) && return ;;\n",
                                        command.name, option.name, words);
  }
}

void add_bash_words(std::string& text, const CommandHelp& command) {
  std::string words = fmt::format("{}", fmt::join(option_names(command), " "));
  for (const OptionHelp& option : command.options) {
    if (option.is_positional) words += " " + offered(option);
  }
  text += fmt::format("    {}) words=\"{}\" ;;\n", command.name, words);
}

std::string bash(const std::vector<CommandHelp>& commands) {
  std::string text = fmt::format(
      "# bash completion of assay\n"
      "_assay() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words=\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"${{COMP_WORDS[1]}} $before\" in\n",
      fmt::join(command_names(commands), " "));
  for (const CommandHelp& command : commands) add_bash_values(text, command);
  text += "  esac\n  case ${COMP_WORDS[1]} in\n";
  for (const CommandHelp& command : commands) add_bash_words(text, command);
  text +=
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "  if ((${#COMPREPLY[@]} == 0)); then COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
      "}\n"
      "complete -F _assay assay\n";
  return text;
}

// ---- zsh ----

// Inside of single quotes, where brackets and colons separate.
std::string in_zsh(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_action(const OptionHelp& option) {
  const std::string words = offered(option);
  if (words.empty()) return "_files";
  return words[0] == '$' ? fmt::format("{{compadd -- {}}}", words) : fmt::format("({})", words);
}

void add_zsh_command(std::string& text, const CommandHelp& command) {
  text += fmt::format("    {})\n      _arguments '--help[what the command does]'", command.name);
  for (const OptionHelp& option : command.options) {
    if (option.is_positional) {
      text += fmt::format(" \\\n        '*:{}:{}'", option.name, in_zsh(zsh_action(option)));
    } else if (option.takes_value) {
      text += fmt::format(" \\\n        '*{}[{}]:value:{}'", option.name, in_zsh(option.description),
                          in_zsh(zsh_action(option)));
    } else {
      text += fmt::format(" \\\n        '{}[{}]'", option.name, in_zsh(option.description));
    }
  }
  text += "\n      ;;\n";
}

std::string zsh(const std::vector<CommandHelp>& commands) {
  std::string text =
      "#compdef assay\n"
      "_assay() {\n"
      "  local -a commands=(\n";
  for (const CommandHelp& command : commands)
    text += fmt::format("    '{}:{}'\n", command.name, in_zsh(command.summary));
  text +=
      "  )\n"
      "  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $command in\n";
  for (const CommandHelp& command : commands) add_zsh_command(text, command);
  text += "  esac\n}\n_assay \"$@\"\n";
  return text;
}

// ---- fish ----

std::string in_fish(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string fish_words(const OptionHelp& option) {
  const std::string words = offered(option);
  return words.empty() || words[0] != '$' ? words : words.substr(1);  // (command) in fish
}

void add_fish_command(std::string& text, const CommandHelp& command) {
  const std::string when = fmt::format("complete -c assay -n '__fish_seen_subcommand_from {}'", command.name);
  for (const OptionHelp& option : command.options) {
    const std::string words = fish_words(option);
    const std::string value = words.empty() ? "" : fmt::format(" -f -a '{}'", in_fish(words));
    if (option.is_positional) {
      if (!words.empty()) text += fmt::format("{}{}\n", when, value);
      continue;
    }
    text += fmt::format("{} -l {}{}{} -d '{}'\n", when, option.name.substr(2), option.takes_value ? " -r" : "",
                        option.takes_value ? value : "", in_fish(option.description));
  }
}

std::string fish(const std::vector<CommandHelp>& commands) {
  std::string text = "# fish completion of assay\n";
  for (const CommandHelp& command : commands)
    text += fmt::format("complete -c assay -n __fish_use_subcommand -f -a {} -d '{}'\n", command.name,
                        in_fish(command.summary));
  for (const CommandHelp& command : commands) add_fish_command(text, command);
  return text;
}

}  // namespace

std::string completion(const std::vector<CommandHelp>& commands, std::string_view shell) {
  return shell == "bash" ? bash(commands) : shell == "zsh" ? zsh(commands) : fish(commands);
}

}  // namespace assay::conformance
