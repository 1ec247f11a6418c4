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

}  // namespace

std::string found_text(const std::string& kind, const Options& options) {
  const bool fpm = kind == "php-fpm" || kind == "apcu";
  if (!fpm && kind != "php-cli") return "";
  const auto settings = fpm ? read_options(options) : read_cli_options(options);
  if (!settings) return "";
  const PhpBinary& binary = settings->binary;
  std::string text = line("program", fmt::format("{}, PHP {}{}", binary.path, binary.version,
                                                 binary.thread_safe ? ", thread-safe (ZTS)" : ""));
  text += line("root", binary.root.is_machine() ? "/, this machine's" : binary.root.folder());
  text += line("OPcache", opcache_of(binary));
  if (fpm) {
    text += line("command-line PHP",
                 settings->cli.empty()
                     ? "none beside it: what its scripts start is not asked (deploy.cli, script_cache.cli)"
                     : settings->cli);
    text += line("web server",
                 settings->nginx.empty() ? "none: visits are not asked (deploy.web_server)" : settings->nginx);
  }
  text += line("interposer", settings->interposer);
  return text;
}

}  // namespace assay::conformance::php
