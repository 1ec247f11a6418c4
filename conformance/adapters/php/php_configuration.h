#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/ini.h"
#include "conformance/adapters/php/program_root.h"

namespace assay::conformance::php {

// How a PHP program of any kind is started.
struct PhpConfiguration {
  std::string binary;                   // A checked PHP (php_binary.h).
  ProgramRoot root;                     // In which it is.
  bool load_opcache = true;             // False where OPcache is built in.
  std::string folder;                   // Exists, empty, ours alone, short enough for a socket below it (107 bytes).
  std::vector<std::string> extensions;  // Bare names or paths, loaded after OPcache.
  IniSettings ini;                      // Given with -d: system level, before anything else is read.
  std::vector<std::pair<std::string, std::string>>
      environment;  // Added to plain_environment(); also seen by the workers.
};

// What PHP writes below its folder.
struct PhpLogs {
  explicit PhpLogs(const std::string& folder);

  std::string php;      // error_log of the scripts.
  std::string opcache;  // opcache.error_log.
  std::string output;   // Standard output and standard error of the program.
};

// Its arguments for that: "-d", "name=value", ...: OPcache, the adapter's own directives, then the caller's, which win.
Result<std::vector<std::string>> ini_arguments(const PhpConfiguration& configuration);

// The environment of the program: "NAME=value".
std::vector<std::string> environment_of(const PhpConfiguration& configuration);

}  // namespace assay::conformance::php
