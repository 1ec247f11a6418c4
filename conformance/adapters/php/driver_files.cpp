#include "conformance/adapters/php/driver_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "conformance/adapters/php/driver_source.h"
#include "conformance/adapters/php/map_directives.h"
#include "conformance/adapters/php/on_demand.h"

namespace assay::conformance::php {

namespace {

Expected<void> write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file)
    return failure(
        fmt::format("cannot write {}; check permissions and free space of the temporary folder", path.string()));
  return {};
}

// What of this machine a PHP with a root of its own has to see.
Expected<void> copy(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code code;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, code);
  if (code) return failure(fmt::format("cannot copy {} to {}: {}", from.string(), to.string(), code.message()));
  return {};
}

std::string preloaded(const PhpSettings& settings, const std::string& folder) {
  return settings.binary.root.is_machine() ? settings.interposer : folder + "/interposer.so";
}

// Of a pool with a root directory of its own, in that directory.
constexpr const char* kFolderBelow = "/.assay";

// PHP that starts as root preloads only for a user that is named. Workers run as root, and so does the script.
void name_preload_user(IniSettings& ini) {
  const auto has = [&](std::string_view name) {
    return std::any_of(ini.begin(), ini.end(), [&](const auto& setting) { return setting.first == name; });
  };
  if (::geteuid() == 0 && has("opcache.preload") && !has("opcache.preload_user"))
    ini.emplace_back("opcache.preload_user", "root");
}

}  // namespace

Expected<std::string> write_driver(const MapSource& source, const std::string& folder, Sees sees) {
  const bool copied = source.text.empty() && !source.file.empty() && sees == Sees::own_root;
  const std::string map = source.text.empty() && !copied ? source.file : folder + "/map.php";
  if (copied) {
    ASSAY_TRY(copy(source.file, map));
  }
  ASSAY_TRY(write_file(folder + "/driver.php", driver_source()));
  if (!source.text.empty()) {
    ASSAY_TRY(write_file(map, std::string(source.text)));
  }
  ASSAY_TRY(write_file(folder + "/blacklist", folder + "/driver.php\n" + (map.empty() ? "" : map + "\n")));
  return map;
}

Expected<DriverStage> stage_driver(const PhpSettings& settings, const Sandbox& sandbox) {
  std::error_code code;
  const std::string scratch = std::filesystem::canonical(sandbox.scratch, code).string();
  if (code) return failure(fmt::format("{}: {}", sandbox.scratch.string(), code.message()));
  const ProgramRoot& root = settings.binary.root;
  std::string map = ASSAY_TRY(write_driver(settings.map, scratch, root.is_machine() ? Sees::machine : Sees::own_root));
  if (!root.is_machine()) {
    ASSAY_TRY(copy(settings.interposer, preloaded(settings, scratch)));
  }
  auto control = ASSAY_TRY(points::ControlBlock::open(sandbox.control.string()));
  return DriverStage{sandbox.root.string(), scratch, std::move(map), std::move(control)};
}

Expected<void> stage_driver_below(const std::string& pool_root, const MapSource& source, const std::string& scratch) {
  const std::string folder = pool_root + kFolderBelow;
  std::error_code code;
  std::filesystem::create_directory(folder, code);
  if (code)
    return failure(
        fmt::format("{}: {}; a pool's root directory is made before the runtime starts", folder, code.message()));
  ASSAY_TRY(write_driver(source, folder, Sees::own_root));
  std::ofstream list(scratch + "/blacklist", std::ios::app);
  list << kFolderBelow << "/driver.php\n" << kFolderBelow << "/map.php\n";
  return {};
}

DriverSetup setup_below(DriverSetup setup) {
  setup.root.clear();
  setup.scratch = kFolderBelow;
  if (!setup.map.empty()) setup.map = std::string(kFolderBelow) + "/map.php";
  return setup;
}

PhpConfiguration driver_configuration(const PhpSettings& settings, const Directives& directives,
                                      const std::string& folder, const std::string& control) {
  PhpConfiguration php;
  php.binary = settings.binary.path;
  php.root = settings.binary.root;
  php.load_opcache = settings.with_opcache && !settings.binary.opcache_built_in;
  php.folder = folder;
  php.extensions = settings.extensions;
  for (std::string& extension : extensions_for(settings.binary, directives))
    php.extensions.push_back(std::move(extension));
  // Between these marks the driver finds what PHP itself says in the output of an operation (driver/ending.php).
  php.ini = {{"display_errors", "1"},
             {"html_errors", "0"},
             {"error_prepend_string", "<assay-diagnostic>"},
             {"error_append_string", "</assay-diagnostic>"},
             {"post_max_size", "0"}};  // a request of any size is let in without a warning
  if (settings.with_opcache) php.ini.emplace_back("opcache.blacklist_filename", folder + "/blacklist");
  if (!settings.with_opcache && settings.binary.opcache_built_in) php.ini.emplace_back("opcache.enable", "0");
  php.ini.insert(php.ini.end(), settings.ini.begin(), settings.ini.end());
  php.ini.insert(php.ini.end(), directives.begin(), directives.end());
  name_preload_user(php.ini);
  translate_size(php.ini, settings.size, settings.off);
  php.environment = {
      {"LD_PRELOAD", preloaded(settings, folder)}, {"ASSAY_CONTROL", control}, {"ASSAY_DIE_WITH_PARENT", "1"}};
  return php;
}

}  // namespace assay::conformance::php
