#include "conformance/adapters/php/found.h"

#include <fmt/format.h>

namespace assay::conformance::php {

namespace {

std::string line(const char* name, const std::string& what) {
  return fmt::format("{:<17} {}\n", name, what);
}

std::string opcache_of(const PhpBinary& binary) {
  return fmt::format("{}, {}", binary.opcache_version,
                     binary.opcache_built_in ? "built in" : "a module in " + binary.extension_folder);
}

std::string common(const PhpSettings& settings) {
  const PhpBinary& binary = settings.binary;
  return line("program", fmt::format("{}, PHP {}{}", binary.path, binary.version,
                                     binary.thread_safe ? ", thread-safe (ZTS)" : "")) +
         line("root", binary.root.is_machine() ? "/, this machine's" : binary.root.folder()) +
         line("OPcache", opcache_of(binary)) + line("interposer", settings.interposer);
}

}  // namespace

std::string found_by_fpm(const Options& options) {
  const auto settings = read_options(options);
  if (!settings) return "";
  return common(*settings) +
         line("command-line PHP",
              settings->cli.empty()
                  ? "none beside it: what its scripts start is not asked (deploy.cli, script_cache.cli)"
                  : settings->cli) +
         line("web server",
              settings->nginx.empty() ? "none: visits are not asked (deploy.web_server)" : settings->nginx);
}

std::string found_by_cli(const Options& options) {
  const auto settings = read_cli_options(options);
  return settings ? common(*settings) : "";
}

}  // namespace assay::conformance::php
