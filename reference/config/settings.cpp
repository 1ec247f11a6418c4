#include "reference/config/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "reference/config/ini_value.h"

namespace assay::reference {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMegabyte = 1 << 20;
// No maximum is specified: whatever a number of bytes can say.
constexpr std::int64_t kMostMegabytes = std::numeric_limits<std::int64_t>::max() / kMegabyte;

enum class Kind { flag, number, megabytes, text };

using Member = std::variant<bool Settings::*, std::int64_t Settings::*, std::string Settings::*>;

// One directive: how its text becomes a member, and back. Limits and default are in the unit of the text.
struct Directive {
  std::string_view name;
  Kind kind;
  Member member;
  bool changeable = false;  // by a script, for its request (SC-SIZ-06)
  std::int64_t minimum = -kNoLimit;
  std::int64_t maximum = kNoLimit;
};

constexpr bool kChangeable = true;

const Directive kDirectives[] = {
    {"opcache.enable", Kind::flag, &Settings::enable},
    {"opcache.enable_cli", Kind::flag, &Settings::enable_cli},
    {"allow_url_include", Kind::flag, &Settings::allow_url_include},
    {"opcache.use_cwd", Kind::flag, &Settings::use_cwd},
    {"opcache.validate_timestamps", Kind::flag, &Settings::validate_timestamps, kChangeable},
    {"opcache.validate_permission", Kind::flag, &Settings::validate_permission},
    {"opcache.validate_root", Kind::flag, &Settings::validate_root},
    {"opcache.dups_fix", Kind::flag, &Settings::dups_fix, kChangeable},
    {"opcache.revalidate_path", Kind::flag, &Settings::revalidate_path, kChangeable},
    {"opcache.log_verbosity_level", Kind::number, &Settings::log_verbosity_level},
    {"opcache.memory_consumption", Kind::megabytes, &Settings::memory_consumption_bytes, false, 8, kMostMegabytes},
    {"opcache.interned_strings_buffer", Kind::megabytes, &Settings::interned_strings_buffer_bytes, false, 0, 4095},
    {"opcache.max_accelerated_files", Kind::number, &Settings::max_accelerated_files, false, 200, 1000000},
    {"opcache.max_wasted_percentage", Kind::number, &Settings::max_wasted_percentage, false, 1, 50},
    {"opcache.consistency_checks", Kind::number, &Settings::consistency_checks, false, 0, 0},
    {"opcache.force_restart_timeout", Kind::number, &Settings::force_restart_timeout},
    {"opcache.revalidate_freq", Kind::number, &Settings::revalidate_freq, kChangeable},
    {"opcache.preferred_memory_model", Kind::text, &Settings::preferred_memory_model},
    {"opcache.blacklist_filename", Kind::text, &Settings::blacklist_filename},
    {"opcache.max_file_size", Kind::number, &Settings::max_file_size},
    {"opcache.error_log", Kind::text, &Settings::error_log},
    {"opcache.protect_memory", Kind::flag, &Settings::protect_memory},
    {"opcache.record_warnings", Kind::flag, &Settings::record_warnings},
    {"opcache.enable_file_override", Kind::flag, &Settings::enable_file_override},
    {"opcache.lockfile_path", Kind::text, &Settings::lockfile_path},
    {"opcache.file_cache", Kind::text, &Settings::file_cache},
    {"opcache.file_cache_only", Kind::flag, &Settings::file_cache_only},
    {"opcache.file_cache_consistency_checks", Kind::flag, &Settings::file_cache_consistency_checks},
    {"opcache.file_update_protection", Kind::number, &Settings::file_update_protection, kChangeable},
    {"opcache.restrict_api", Kind::text, &Settings::restrict_api},
    {"opcache.preload", Kind::text, &Settings::preload},
    {"opcache.preload_user", Kind::text, &Settings::preload_user},
    {"opcache.static_cache.volatile_size_mb", Kind::megabytes, &Settings::volatile_size_bytes, false, 0, 32767},
    {"opcache.static_cache.pinned_size_mb", Kind::megabytes, &Settings::pinned_size_bytes, false, 0, 32767},
    {"assay.evict", Kind::text, &Settings::evict},
    {"assay.opaque_scripts", Kind::flag, &Settings::opaque_scripts},
    {"memory_limit", Kind::number, &Settings::memory_limit, kChangeable},
    {"realpath_cache_size", Kind::number, &Settings::realpath_cache_size_bytes},
    {"realpath_cache_ttl", Kind::number, &Settings::realpath_cache_ttl},
    {"open_basedir", Kind::text, &Settings::open_basedir, kChangeable},
    {"include_path", Kind::text, &Settings::include_path, kChangeable},
};

const Directive* find_directive(std::string_view name) {
  for (const Directive& directive : kDirectives) {
    if (directive.name == name) return &directive;
  }
  return nullptr;
}

class Reader {
 public:
  explicit Reader(ParsedSettings& parsed) : parsed_(parsed) {}

  void read(const Directive& directive, const std::string& text) {
    if (directive.kind == Kind::text) {
      parsed_.settings.*std::get<std::string Settings::*>(directive.member) = text;
    } else if (directive.kind == Kind::flag) {
      parsed_.settings.*std::get<bool Settings::*>(directive.member) = parse_ini_flag(text);
    } else {
      read_number(directive, text);
    }
  }

 private:
  void read_number(const Directive& directive, const std::string& text) {
    const bool megabytes = directive.kind == Kind::megabytes;
    const IniNumber number = megabytes ? parse_ini_leading_number(text) : parse_ini_quantity(text);
    if (!number.complaint.empty()) warn(directive, number.complaint);
    const std::int64_t unit = megabytes ? kMegabyte : 1;
    std::int64_t& member = parsed_.settings.*std::get<std::int64_t Settings::*>(directive.member);
    if (number.value >= directive.minimum && number.value <= directive.maximum) {
      member = number.value * unit;
    } else {
      // The member still has its default.
      warn(directive, out_of_range(directive, number.value, member / unit));
    }
  }

  static std::string out_of_range(const Directive& directive, std::int64_t value, std::int64_t used) {
    if (value < directive.minimum) {
      return fmt::format("{} is below the minimum of {}, {} is used", value, directive.minimum, used);
    }
    return fmt::format("{} is above the maximum of {}, {} is used", value, directive.maximum, used);
  }

  void warn(const Directive& directive, std::string message) {
    parsed_.warnings.push_back({std::string(directive.name), std::move(message)});
  }

  ParsedSettings& parsed_;
};

// ST-CFG-04: no usable backend is smaller than 8 MiB; smaller sizes are raised.
void raise_static_cache_sizes(ParsedSettings& parsed) {
  constexpr std::int64_t kMinimum = 8 * kMegabyte;
  const std::pair<const char*, std::int64_t Settings::*> sizes[] = {
      {"opcache.static_cache.volatile_size_mb", &Settings::volatile_size_bytes},
      {"opcache.static_cache.pinned_size_mb", &Settings::pinned_size_bytes}};
  for (const auto& [name, member] : sizes) {
    std::int64_t& size = parsed.settings.*member;
    if (size == 0 || size >= kMinimum) continue;
    parsed.warnings.push_back({name, fmt::format("{} is raised to the smallest size of 8", size / kMegabyte)});
    size = kMinimum;
  }
}

void check_eviction(ParsedSettings& parsed) {
  std::string& evict = parsed.settings.evict;
  if (evict == "refuse" || evict == "wipe" || evict == "lru") return;
  parsed.warnings.push_back({"assay.evict", evict + " is none of refuse, wipe, lru: refuse is used"});
  evict = "refuse";
}

bool belongs_to_a_cache(std::string_view name) {
  return name.starts_with("opcache.") || name.starts_with("realpath_cache_");
}

// Accepted without effect: they are about parts of PHP that the reference does not have.
bool is_without_effect(std::string_view name) {
  return name.starts_with("opcache.jit") || name == "opcache.save_comments" || name == "opcache.optimization_level" ||
         name == "opcache.opt_debug_level" || name == "opcache.huge_code_pages";
}

}  // namespace

std::uint32_t Settings::table_capacity() const {
  static constexpr std::array<std::uint32_t, 13> kPrimes = {223,   463,   983,    1979,   3907,   7963,   16229,
                                                            32531, 65407, 130987, 262237, 524521, 1048793};
  return *std::lower_bound(kPrimes.begin(), kPrimes.end() - 1, static_cast<std::uint32_t>(max_accelerated_files));
}

ParsedSettings parse_settings(const std::map<std::string, std::string>& directives) {
  ParsedSettings parsed;
  Reader reader(parsed);
  for (const auto& [name, text] : directives) {
    parsed.settings.texts.insert_or_assign(name, text);
    if (const Directive* directive = find_directive(name)) {
      reader.read(*directive, text);
    } else if (belongs_to_a_cache(name)) {
      parsed.warnings.push_back(
          {name, is_without_effect(name) ? "has no effect here" : "is unknown and has no effect"});
    }
  }
  raise_static_cache_sizes(parsed);
  check_eviction(parsed);
  return parsed;
}

std::optional<std::string> text_of_setting(const Settings& settings, std::string_view directive) {
  const auto given = settings.texts.find(directive);
  if (given != settings.texts.end()) return given->second;
  const Directive* found = find_directive(directive);
  if (found == nullptr) return std::nullopt;
  if (directive == "realpath_cache_size") return "4096K";
  switch (found->kind) {
    case Kind::text:
      return settings.*std::get<std::string Settings::*>(found->member);
    case Kind::flag:
      return settings.*std::get<bool Settings::*>(found->member) ? "1" : "0";
    case Kind::number:
      return std::to_string(settings.*std::get<std::int64_t Settings::*>(found->member));
    case Kind::megabytes:
      return std::to_string(settings.*std::get<std::int64_t Settings::*>(found->member) / kMegabyte);
  }
  return std::nullopt;
}

std::optional<std::string> change_at_run_time(Settings& settings, std::string_view directive, std::string_view text) {
  const Directive* found = find_directive(directive);
  if (found == nullptr) return std::nullopt;
  const bool switches_off = directive == "opcache.enable" && !parse_ini_flag(text);
  if (!found->changeable && !switches_off) return std::nullopt;
  std::optional<std::string> old = text_of_setting(settings, directive);
  ParsedSettings parsed{std::move(settings), {}};
  Reader(parsed).read(*found, std::string(text));
  settings = std::move(parsed.settings);
  settings.texts.insert_or_assign(std::string(directive), std::string(text));
  return old;
}

std::vector<std::pair<std::string, DirectiveValue>> report_directives(const Settings& settings) {
  std::vector<std::pair<std::string, DirectiveValue>> report;
  for (const Directive& directive : kDirectives) {
    if (!directive.name.starts_with("opcache.")) continue;
    DirectiveValue value;
    if (directive.kind == Kind::text) {
      value = settings.*std::get<std::string Settings::*>(directive.member);
    } else if (directive.kind == Kind::flag) {
      value = settings.*std::get<bool Settings::*>(directive.member);
    } else {
      value = settings.*std::get<std::int64_t Settings::*>(directive.member);
    }
    if (directive.name == "opcache.max_wasted_percentage") {
      value = static_cast<double>(settings.max_wasted_percentage) / 100;
    } else if (directive.kind == Kind::megabytes && directive.name != "opcache.memory_consumption") {
      value = std::get<std::int64_t>(value) / kMegabyte;
    }
    report.emplace_back(directive.name, std::move(value));
  }
  return report;
}

}  // namespace assay::reference
