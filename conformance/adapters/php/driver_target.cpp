#include "conformance/adapters/php/driver_target.h"

#include "conformance/adapters/php/cli_runtime.h"
#include "conformance/adapters/php/php_runtime.h"

namespace assay::conformance::php {

const PhpKind& fpm_kind() {
  static const PhpKind kind = {PhpRuntime::start,
                               {"scripts", "files", "workers", "workers.processes", "clock.virtual", "reload", "fault",
                                "fault.kill", "rendezvous"}};
  return kind;
}

// One process: nobody is left to tell what a killed one leaves behind.
const PhpKind& cli_kind() {
  static const PhpKind kind = {CliRuntime::start,
                               {"scripts", "files", "clock.virtual", "reload", "fault", "rendezvous"}};
  return kind;
}

}  // namespace assay::conformance::php
