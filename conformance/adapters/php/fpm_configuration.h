#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/ini.h"
#include "conformance/adapters/php/php_configuration.h"

namespace assay::conformance::php {

// A pool of workers behind one socket. With one child (the default) the pool's name is the worker's name and survives
// its crash. Values hold for this pool only; admin values cannot be changed by scripts. Directives of level "system"
// (all memory sizes) belong to the configuration, not here. php-fpm replaces "$pool" in values by the pool's name.
struct FpmPool {
  std::string name;
  int children = 1;
  int max_requests = 0;     // A child ends after so many; 0: never.
  std::string user = {};    // Only when the suite is root: whom the children run as, if not as all do.
  std::string chroot = {};  // Their root directory, if another.
  IniSettings values = {};
  IniSettings admin_values = {};
};

// All that determines one php-fpm master.
struct FpmConfiguration : PhpConfiguration {
  std::vector<FpmPool> pools;
  std::string user;  // Only when the suite is root: whom the workers run as; empty: as root (see below).
};

// Files and sockets of a master, all below its folder.
struct FpmFiles {
  explicit FpmFiles(const std::string& folder);
  std::string socket_of(const std::string& pool) const { return folder + "/" + pool + ".sock"; }

  std::string folder;
  std::string configuration;  // For php-fpm.
  std::string master_log;     // error_log of php-fpm: starts, deaths of workers, what workers print on standard error.
  PhpLogs logs;
};

// Rejects what php-fpm would refuse later with a worse message, or silently understand otherwise: no pool, a name twice
// or with a character that is not a letter, digit, '_' or '-', no child, a socket path that is too long, a line break.
Result<void> check_configuration(const FpmConfiguration& configuration);

// The text of the configuration file. Every pool answers `ping_path` without executing a script.
Result<std::string> fpm_configuration_text(const FpmConfiguration& configuration);

// The arguments, beginning with the program: no php.ini (-n), OPcache, the adapter's own directives, then the caller's,
// which win. As root, workers run as root as well (-R) unless `user` names somebody: the folder is readable by nobody
// else, nothing listens on a network, and the suite must read and write the memory of the workers as an equal.
Result<std::vector<std::string>> fpm_arguments(const FpmConfiguration& configuration);

inline constexpr const char* kPingPath = "/assay-ping";
inline constexpr const char* kPingAnswer = "pong";

}  // namespace assay::conformance::php
