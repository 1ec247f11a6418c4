// Any bytes are directives: lines of a .user.ini, of a blacklist, and values of php.ini. Nothing crashes or takes long,
// and what is set reads back unchanged.
#include "fuzz/common/demand.h"
#include "reference/config/blacklist.h"
#include "reference/config/settings.h"
#include "reference/config/user_ini.h"

namespace {

using namespace assay;
using namespace assay::reference;
using fuzz::demand;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  return lines;
}

void use_settings(const std::map<std::string, std::string>& directives) {
  const ParsedSettings parsed = parse_settings(directives);
  for (const auto& [name, value] : directives) {
    const auto text = text_of_setting(parsed.settings, name);
    demand(!text || *text == value, "a directive that was given reads back unchanged", name);
  }
  for (const SettingWarning& warning : parsed.warnings)
    demand(!warning.message.empty(), "a warning says something", warning.directive);
  const Settings& settings = parsed.settings;
  demand(settings.table_capacity() >= 200, "the table has room");
  demand(settings.memory_consumption_bytes >= 8 << 20, "the segment has a size that can be had");
  demand(settings.interned_strings_buffer_bytes >= 0 && settings.volatile_size_bytes >= 0, "no size is negative");
  demand(settings.max_wasted_percentage >= 1 && settings.max_wasted_percentage <= 50, "the waste is within its range");
  demand(!report_directives(settings).empty(), "there is a report");
}

void change_settings(const std::map<std::string, std::string>& directives) {
  Settings settings = parse_settings({}).settings;
  for (const auto& [name, value] : directives) {
    const auto before = text_of_setting(settings, name);
    const auto old = change_at_run_time(settings, name, value);
    demand(!old || old == before, "a change answers the old text", name);
    demand(old || text_of_setting(settings, name) == before, "a change that is refused changes nothing", name);
    demand(!old || text_of_setting(settings, name) == value, "a change reads back", name);
  }
}

void use_blacklist(const std::vector<std::string>& lines) {
  const Blacklist blacklist(lines, "/nowhere");
  demand(blacklist.patterns().size() <= lines.size(), "a line is one pattern at most");
  for (const std::string& line : lines) (void)blacklist.excludes("/nowhere/" + line);
  (void)blacklist.excludes("/nowhere/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab.php");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  const auto directives = parse_user_ini(text);
  demand(directives == parse_user_ini(text + "\n"), "a last line needs no end");
  use_settings(directives);
  change_settings(directives);
  use_blacklist(lines_of(text));
  return 0;
}
