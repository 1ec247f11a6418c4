#include "conformance/adapters/php/php_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "conformance/adapters/php/interposer_path.h"
#include "conformance/adapters/php/web_server.h"

namespace assay::conformance::php {

namespace {

// A mistake of who named the target, not of this machine.
tl::unexpected<Error> wrong_option(std::string message) {
  return failure(std::move(message), EINVAL);
}

// The map's absolute path.
Expected<std::string> map_file(const std::string& path) {
  std::error_code code;
  const std::string file = std::filesystem::canonical(path, code).string();
  if (!code && !std::filesystem::is_regular_file(file, code))
    return wrong_option(path + ": a map is a file, this is none");
  if (code)
    return wrong_option(
        fmt::format("{}: {}; assay map --new {} writes a map to begin with", path, code.message(), path));
  if (::access(file.c_str(), R_OK) != 0)
    return wrong_option(fmt::format("{}: {}", path, std::generic_category().message(errno)));
  return file;
}

Expected<void> read_option(const std::string& name, const std::string& value, std::string& path,
                           PhpSettings& settings) {
  if (value.empty()) return wrong_option(fmt::format("target option {} needs a value", name));
  if (name == "php") path = value;
  if (name == "nginx") settings.nginx = value;
  if (name == "extension") settings.extensions.push_back(value);
  if (name == "map") settings.map.file = ASSAY_TRY(map_file(value));
  if (name != "ini") return {};
  const std::size_t equals = value.find('=');
  const std::string directive = value.substr(0, equals);
  const std::string setting = equals == std::string::npos ? "" : value.substr(equals + 1);
  if (auto checked = ini_assignment(directive, setting); equals == std::string::npos || !checked) {
    return wrong_option(fmt::format(
        "target option ini={}: write ini=DIRECTIVE=VALUE, for example ini=opcache.interned_strings_buffer=16", value));
  }
  settings.ini.emplace_back(directive, setting);
  return {};
}

// What the program is and can load, with the directives that it will be given.
Expected<void> inspect_php(const std::string& path, Sapi sapi, const ProgramRoot& root, PhpSettings& settings) {
  auto binary = inspect_php_binary(path, settings.ini, std::chrono::seconds(10), sapi, root);
  if (!binary) return error_of(binary.error());
  settings.binary = std::move(*binary);
  if (sapi == Sapi::fpm) settings.cli = find_cli_of(settings.binary.path, root);
  settings.cli_has_opcache = !settings.cli.empty() && has_module(settings.cli, "Zend OPcache", root);
  for (const std::string& extension : settings.extensions) {
    if (auto checked = check_extension(settings.binary, settings.ini, extension); !checked)
      return error_of(checked.error());
  }
  if (settings.binary.json_is_module) settings.extensions.insert(settings.extensions.begin(), "json");
  return {};
}

Expected<void> read_nginx(PhpSettings& settings) {
  if (settings.nginx.empty()) settings.nginx = find_nginx().value_or("");
  if (settings.nginx == kNoNginx)
    settings.nginx.clear();
  else if (!settings.nginx.empty() && ::access(settings.nginx.c_str(), X_OK) != 0)
    return failure(fmt::format("option nginx={}: this is no program; scripts/install-dependencies installs nginx",
                               settings.nginx));
  return {};
}

// What names something of PHP, for a program of either kind.
Expected<void> look_for(PhpSettings& settings, std::string path, const std::string& root_folder, Sapi sapi) {
  ProgramRoot root;
  if (!root_folder.empty()) {
    auto entered = ProgramRoot::of(root_folder);
    if (!entered) return error_of(entered.error());
    root = *entered;
  }
  if (path.empty()) {
    auto found = sapi == Sapi::fpm ? find_php_fpm(root) : find_php_cli(root);
    if (!found) return error_of(found.error());
    path = *found;
  }
  ASSAY_TRY(inspect_php(path, sapi, root, settings));
  auto interposer = find_interposer();
  if (!interposer) return error_of(interposer.error());
  settings.interposer = *interposer;
  return {};
}

Expected<PhpSettings> read_options_for(const Options& options, Sapi sapi) {
  PhpSettings settings;
  std::string path, root;
  for (const auto& [name, value] : options) {
    ASSAY_TRY(read_option(name, value, path, settings));
    if (name == "root") root = value;
  }
  if (sapi == Sapi::fpm) {
    ASSAY_TRY(read_nginx(settings));
  }
  ASSAY_TRY(look_for(settings, path, root, sapi));
  return settings;
}

}  // namespace

Expected<PhpSettings> read_options(const Options& options) {
  return read_options_for(options, Sapi::fpm);
}

Expected<PhpSettings> read_cli_options(const Options& options) {
  return read_options_for(options, Sapi::cli);
}

const Options& known_options() {
  static const Options options = {
      {"php", "path of the php-fpm program (default: the one of this machine)"},
      {"root", "a folder that this PHP takes for / (debootstrap, a container's files); paths of PHP are in it"},
      {"ini", "DIRECTIVE=VALUE, as in php.ini; may be given several times"},
      {"nginx", "path of the program nginx, or none (default: the one of this machine)"},
      {"extension", "name or path of an extension to load; may be given several times"},
      {"map", "a PHP file whose methods are the static cache; nothing else is judged then (docs/php-map.md)"}};
  return options;
}

const Options& known_cli_options() {
  static const Options options = [] {
    Options known = known_options();
    std::erase_if(known, [](const auto& option) { return option.first == "nginx"; });
    known.front().second = "path of the command-line PHP (default: the one of this machine)";
    return known;
  }();
  return options;
}

}  // namespace assay::conformance::php
