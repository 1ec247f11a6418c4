#include "conformance/command/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/command/exit_status.h"

namespace assay::conformance {
namespace {

// Backslashes, dashes and a dot or quote at the start of a line mean something to roff.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  if (!result.empty() && (result[0] == '.' || result[0] == '\'')) result.insert(0, "\\&");
  return result;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

void add_option(std::string& page, const OptionHelp& option) {
  const std::string value = option.takes_value && !option.is_positional ? " \\fIVALUE\\fR" : "";
  const std::string font = option.is_positional ? "\\fI" : "\\fB";
  page += fmt::format(".TP\n{}{}\\fR{}\n", font, escaped(option.name), value);
  std::string text = sentence(option.description);
  if (!option.values.empty()) text += fmt::format(" Values: {}.", fmt::join(option.values, ", "));
  if (!option.standard.empty()) text += fmt::format(" Default: {}.", option.standard);
  page += escaped(text) + "\n";
}

void add_command(std::string& page, const CommandHelp& command) {
  page += fmt::format(".SS assay {}\n{}\n", escaped(command.name), escaped(sentence(command.summary)));
  for (const OptionHelp& option : command.options) add_option(page, option);
}

void add_statuses(std::string& page) {
  page += ".SH EXIT STATUS\n";
  for (const auto& [status, meaning] : exit_status_meanings)
    page += fmt::format(".TP\n{}\n{}\n", static_cast<int>(status), escaped(sentence(std::string(meaning))));
}

}  // namespace

std::string man_page(const std::vector<CommandHelp>& commands, const std::string& version) {
  std::string page = fmt::format(
      ".TH ASSAY 1 \"\" \"Assay {}\" \"User Commands\"\n"
      ".SH NAME\nassay \\- tells whether a PHP cache can be trusted\n"
      ".SH SYNOPSIS\n.B assay\n\\fICOMMAND\\fR [\\fIOPTION\\fR...]\n"
      ".SH DESCRIPTION\n"
      "Assay runs a conformance and fault injection suite on a PHP cache: the script cache (OPcache), the realpath "
      "cache,\n"
      "a static cache (APCu and others), or the embedded reference implementation. It ends with a verdict.\n"
      ".SH COMMANDS\n",
      escaped(version));
  for (const CommandHelp& command : commands) add_command(page, command);
  add_statuses(page);
  page += ".SH FILES\n.TP\nassay\\-failures/\nFor each failure a trace, which \\fBassay replay\\fR executes.\n";
  page += ".SH SEE ALSO\nThe user guide, \\fIuser\\-guide.md\\fR in the documentation of the package.\n";
  return page;
}

}  // namespace assay::conformance
