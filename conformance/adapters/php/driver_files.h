#pragma once

#include <cstdint>
#include <string>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/driver_protocol.h"
#include "conformance/adapters/php/php_configuration.h"
#include "conformance/adapters/php/php_settings.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// What the program sees of the files of this machine: all, or only what is below its own root.
enum class Sees : std::uint8_t { machine, own_root };

// Writes the driver, the map (a copy where the program does not see the machine's) and the list of both, which are not to
// be stored, into a folder. Returns where the map is; empty: there is none.
Expected<std::string> write_driver(const MapSource& source, const std::string& folder, Sees sees);

// The driver where a runtime finds it, with the real paths of its sandbox.
struct DriverStage {
  std::string root, scratch;
  std::string map;  // as write_driver() says
  points::ControlBlock control;
};
Expected<DriverStage> stage_driver(const PhpSettings& settings, const Sandbox& sandbox);

// The same where a pool has a root directory of its own: written there, and never stored under that name either.
Expected<void> stage_driver_below(const std::string& pool_root, const MapSource& source, const std::string& scratch);
// What its driver has to know: "@" is that root directory.
DriverSetup setup_below(DriverSetup setup);

// How a PHP is started that runs the driver of a folder: what the target says and, above that, the directives of a
// configuration, with real paths. `control`: the file of the control block.
PhpConfiguration driver_configuration(const PhpSettings& settings, const Directives& directives,
                                      const std::string& folder, const std::string& control);

}  // namespace assay::conformance::php
