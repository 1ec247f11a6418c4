#pragma once

#include "reference/php/value/value.h"
#include "reference/server/worker.h"

namespace assay::reference {

// What opcache_get_status() answers in the worker's request (SC-STA-01, SC-STA-02, SC-FIL-10): an array, or false where the
// cache is off.
Value status_report(Worker& worker, bool with_scripts);

// What opcache_get_configuration() answers (SC-STA-08).
Value configuration_report(Worker& worker);

}  // namespace assay::reference
