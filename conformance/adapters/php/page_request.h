#pragma once

#include <string>

#include "conformance/adapters/php/driver_protocol.h"
#include "conformance/adapters/php/fastcgi_client.h"
#include "conformance/vocabulary/reply.h"

namespace assay::conformance::php {

// A request for a main script by a path that a web server made up, with what a script needs to wait for the suite.
FastcgiParameters page_parameters(const std::string& script, const DriverSetup& setup);

// What came back as the reply to `serve` or `visit`. What PHP displays is told apart from the page by the adapter's
// marks (driver/ending.php); it and the lines of the error stream are the reply's diagnostics.
Reply page_reply(int status, std::string body, const std::string& errors, const std::string& root);

}  // namespace assay::conformance::php
