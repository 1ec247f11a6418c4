#include "conformance/command/map_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "conformance/adapters/php/map_catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/command/unlocks.h"
#include "conformance/execution/smoke_check.h"
#include "conformance/reports/clean_text.h"
#include "conformance/vocabulary/operation.h"
#include "support/file_descriptor.h"

namespace assay::conformance {
namespace {

constexpr std::string_view kStatic = "static_cache.";

int list_maps() {
  for (const auto& map : builtin_maps()) say("{:<14} {}\n", map.name, map.summary);
  return exit_conforms;
}

// What exists is somebody's work.
int write_new(const MapCommand& command) {
  std::vector<std::string_view> known;
  for (const auto& map : builtin_maps()) {
    known.push_back(map.name);
    if (map.name != command.like) continue;
    const FileDescriptor file(::open(command.fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.is_open()) {
      complain(
          fmt::format("{}: {}{}", command.fresh, std::strerror(errno),
                      errno == EEXIST ? "; name another file, or remove it" : "; make the folder, or name another"));
      return errno == EEXIST ? exit_wrong_use : exit_suite_broke;
    }
    if (::write(file.get(), map.text.data(), map.text.size()) != static_cast<ssize_t>(map.text.size())) {
      complain(fmt::format("{}: cannot be written: {}", command.fresh, std::strerror(errno)));
      return exit_suite_broke;
    }
    say("wrote {}; next: assay map --check {}\n", command.fresh, command.fresh);
    return exit_conforms;
  }
  complain(fmt::format("--like {}: there is no such map; there are {}", command.like, fmt::join(known, ", ")));
  return exit_wrong_use;
}

std::string in_words(const std::map<std::string, std::string>& choices) {
  std::vector<std::string> words;
  for (const auto& [name, value] : choices) words.push_back(fmt::format("{}={}", name, value));
  return words.empty() ? "nothing: the specification's own choice everywhere"
                       : fmt::format("{}", fmt::join(words, ", "));
}

void say_head(const Description& description) {
  std::vector<std::string> claims, has;
  for (const std::string& feature : description.features) {
    if (feature.starts_with(kStatic)) claims.push_back(feature.substr(kStatic.size()));
  }
  for (const CallSpec& spec : operation_specs()) {
    if (std::string_view(spec.name).starts_with("cache_") && !description.unknown_operations.contains(spec.name))
      has.emplace_back(spec.name + std::strlen("cache_"));
  }
  say("{}, version {}\n  claims       {}\n  chooses      {}\n  has          {}\n", description.name,
      description.version, fmt::join(claims, ", "), in_words(description.choices), fmt::join(has, ", "));
  for (const auto& [operation, why] : description.unknown_operations)
    say("  has no       {}: {}\n", operation.substr(std::strlen("cache_")), why);
  const Unlocks unlocks = what_unlocks(description.features);
  for (const MapClaim& claim : map_claims()) {
    const auto found = unlocks.by_feature.find(std::string(kStatic) + claim.name);
    if (found != unlocks.by_feature.end())
      say("  could claim  {}: {} ({} more tests, {} more clauses)\n", claim.name, claim.meaning, found->second.tests,
          found->second.clauses);
  }
}

int say_smoke(const std::vector<SmokeResult>& results, const std::string& file) {
  int passed = 0, failed = 0;
  for (const SmokeResult& result : results) {
    if (result.verdict == Verdict::skip) continue;
    const bool ok = result.verdict == Verdict::pass;
    ++(ok ? passed : failed);
    say("  {}  {}{}{}\n", ok ? "ok    " : "FAILED", result.what, ok ? "" : ": ", clean_line(result.why, 300));
  }
  if (failed == 0) {
    say("{} checks hold; next: assay run --target php-fpm:map={} --area static\n", passed, file);
    return exit_conforms;
  }
  say("{} of {} checks fail: mend the map, or the cache that it maps, before the suite judges it\n", failed,
      passed + failed);
  return exit_violates;
}

int check_map(const MapCommand& command) {
  const std::string kind = command.target.substr(0, command.target.find(':'));
  if (kind != "php-fpm" && kind != "php-cli") {
    complain(fmt::format(
        "--target {}: maps are for php-fpm and php-cli, with their options: --target php-fpm:extension=yours.so",
        command.target));
    return exit_wrong_use;
  }
  return run_in_temporary_folder([&](const std::filesystem::path& folder) {
    const bool has_options = command.target.find(':') != std::string::npos;
    const auto opened =
        open_target(fmt::format("{}{}map={}", command.target, has_options ? "," : ":", command.check), folder);
    if (!opened.target) return opened.status;
    say_head(opened.target->description());
    flush_output();
    return say_smoke(check_smoke(*opened.target, folder), command.check);
  });
}

}  // namespace

int map_command(const MapCommand& command) {
  const int asked = !command.fresh.empty() + !command.check.empty() + command.list;
  if (asked != 1) {
    complain("assay map takes one of --new FILE, --check FILE and --list (see: assay map --help)");
    return exit_wrong_use;
  }
  if (command.list) return list_maps();
  return command.fresh.empty() ? check_map(command) : write_new(command);
}

}  // namespace assay::conformance
