#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace assay::reference {

// The directives a runtime was started with, typed; each member is named like its directive and holds the effective
// value. A plain value: copy it per worker, and change the copy for one request (change_at_run_time).
//
// Units: sizes in bytes where the name says bytes, times in seconds.
struct Settings {
  bool enable = true;
  bool enable_cli = false;
  bool use_cwd = true;
  bool validate_timestamps = true;
  bool validate_permission = false;
  bool validate_root = false;
  bool dups_fix = false;
  bool revalidate_path = false;
  std::int64_t log_verbosity_level = 1;
  std::int64_t memory_consumption_bytes = 128 << 20;     // SC-SIZ-01
  std::int64_t interned_strings_buffer_bytes = 8 << 20;  // SC-SIZ-02
  std::int64_t max_accelerated_files = 10000;            // SC-SIZ-03; the table has table_capacity() slots
  std::int64_t max_wasted_percentage = 5;                // SC-SIZ-05
  std::int64_t consistency_checks = 0;                   // SC-PER-05
  std::int64_t force_restart_timeout = 180;
  std::int64_t revalidate_freq = 2;
  std::string preferred_memory_model;
  std::string blacklist_filename;
  std::int64_t max_file_size = 0;
  std::string error_log;
  bool protect_memory = false;
  bool record_warnings = false;
  bool enable_file_override = false;
  std::string lockfile_path = "/tmp";
  std::string file_cache;
  bool file_cache_only = false;
  bool file_cache_consistency_checks = true;
  std::int64_t file_update_protection = 2;
  std::string restrict_api;
  std::string preload;
  bool allow_url_include = false;  // whether `data:` may be included
  std::string preload_user;
  std::int64_t volatile_size_bytes = 8 << 20;  // ST-CFG-01, ST-CFG-02
  std::int64_t pinned_size_bytes = 8 << 20;
  bool opaque_scripts = false;   // scripts are bodies of their files' size, whatever is in them (OpaqueCompiler)
  std::string evict = "refuse";  // what a full volatile backend does: refuse, wipe, lru (ST-FUL-04)
  std::int64_t memory_limit = 128 << 20;                // of what one fetch from the static cache makes; negative: none
  std::int64_t realpath_cache_size_bytes = 4096 << 10;  // RP-INI-01
  std::int64_t realpath_cache_ttl = 120;
  std::string open_basedir;
  std::string include_path = ".:/usr/share/php";

  // What each directive that was given said, unchanged.
  std::map<std::string, std::string, std::less<>> texts;

  // max_cached_keys (SC-SIZ-04).
  std::uint32_t table_capacity() const;
};

// Why a directive has another effect than its text says. Logged at level 2 (warning) while the configuration is read
// (SC-LOG-04).
struct SettingWarning {
  std::string directive;
  std::string message;
};

struct ParsedSettings {
  Settings settings;
  std::vector<SettingWarning> warnings;
};

// Reads directives as PHP reads them: a value out of range is replaced by the default with a warning, not clamped; a
// number may have the suffix K, M or G; text that is no number counts as 0 with a warning. Names that belong to no
// cache are left alone; an unknown name that begins with "opcache." or "realpath_cache_" is a warning (GU-SYS-02).
ParsedSettings parse_settings(const std::map<std::string, std::string>& directives);

// What ini_get answers: the text that was given, unchanged, or that of the default (RP-INI-01); nothing for an unknown name.
std::optional<std::string> text_of_setting(const Settings& settings, std::string_view directive);

// Changes one setting for one request, if a script may (SC-SIZ-06): the old text, or nothing, and then nothing changed.
// opcache.enable can only be switched off (SC-API-11).
std::optional<std::string> change_at_run_time(Settings& settings, std::string_view directive, std::string_view text);

using DirectiveValue = std::variant<bool, std::int64_t, double, std::string>;

// The configuration report: full directive names with typed values, in the units of SC-STA-08.
std::vector<std::pair<std::string, DirectiveValue>> report_directives(const Settings& settings);

}  // namespace assay::reference
