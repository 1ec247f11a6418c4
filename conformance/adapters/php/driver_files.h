#pragma once

#include <string>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/php_configuration.h"
#include "conformance/adapters/php/php_settings.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// Writes the driver, the map (a copy where the PHP has a root of its own) and the list of both, which are not to be stored, into a folder. Returns where the map is;
// empty: there is none.
Expected<std::string> write_driver(const MapSource& source, const std::string& folder, const ProgramRoot& root);

// The driver where a runtime finds it, with the real paths of its sandbox.
struct DriverStage {
  std::string root, scratch;
  std::string map;  // as write_driver() says
  points::ControlBlock control;
};
Expected<DriverStage> stage_driver(const PhpSettings& settings, const Sandbox& sandbox);

// How a PHP is started that runs the driver of a folder: what the target says and, above that, the directives of a
// configuration, with real paths. `control`: the file of the control block.
PhpConfiguration driver_configuration(const PhpSettings& settings, const Directives& directives,
                                      const std::string& folder, const std::string& control);

}  // namespace assay::conformance::php
