#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/ini.h"
#include "conformance/adapters/php/program_root.h"

namespace assay::conformance::php {

// How a PHP program serves.
enum class Sapi { fpm, cli };

// What a PHP program says of itself. Everything was asked of the program, nothing is guessed from its path.
struct PhpBinary {
  std::string path;  // Absolute, in its root.
  ProgramRoot root;
  std::string version;            // "8.2.36", with its suffix if it has one ("8.5.0-dev").
  std::string sapi;               // "fpm-fcgi", "cli".
  std::string opcache_version;    // "8.2.36".
  bool opcache_built_in = false;  // Otherwise it is loaded with zend_extension=opcache.
  bool thread_safe = false;
  std::string extension_folder;      // Where a bare extension name is looked for.
  std::string realpath_cache_size;   // The directive's built-in value, as text ("4096K").
  std::vector<std::string> modules;  // Loaded with nothing but `given`, in the program's own spelling.
  bool json_is_module = false;       // What the driver reads with has to be loaded first: extension=json.
};

// Runs the program a few times, with no configuration but `given` and a time limit for each run, and checks that it is a
// PHP of this kind with a working OPcache. unusable when the path is missing, a folder, not executable, not PHP, PHP of
// another kind, older than 7.4, without OPcache or json, or silent for too long; the message says which and what to do.
Result<PhpBinary> inspect_php_binary(const std::string& path, const IniSettings& given,
                                     std::chrono::milliseconds limit = std::chrono::seconds(10), Sapi sapi = Sapi::fpm,
                                     const ProgramRoot& root = {});

// The php-fpm of this machine: `php-fpm`, or the newest `php-fpmN.N` that there is, in PATH and then in /usr/sbin and
// /usr/local/sbin. unusable, naming the places, when there is none. `search_path` is for tests.
Result<std::string> find_php_fpm(const std::string& search_path, const ProgramRoot& root = {});
Result<std::string> find_php_fpm(const ProgramRoot& root = {});

// The command-line PHP of this machine: `php`, or the newest `phpN.N` that there is, in PATH. unusable when there is none.
Result<std::string> find_php_cli(const ProgramRoot& root = {});

// The command-line PHP that belongs to a php-fpm: php8.2 for php-fpm8.2, beside it or in PATH. Empty where there is none.
std::string find_cli_of(const std::string& php_fpm, const ProgramRoot& root = {});

// Whether the program has this module without loading one. False where it does not run.
bool has_module(const std::string& program, const std::string& module, const ProgramRoot& root = {},
                std::chrono::milliseconds limit = std::chrono::seconds(10));

// Whether the program can load an extension, given as a bare name (apcu) or as a path. unusable with what PHP said.
Result<void> check_extension(const PhpBinary& binary, const IniSettings& given, const std::string& extension,
                             std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace assay::conformance::php
