#pragma once

#include "reference/php/interpreter/builtins.h"

namespace assay::reference {

// The control functions of the script cache, as scripts call them: opcache_get_status, _get_configuration, _reset,
// _invalidate, _is_script_cached and _compile_file (SC-API). What restrict_api keeps from a request warns and is false
// (SC-API-13); a lock that is refused abandons the request (SC-LCK-07).
void add_script_cache_functions(php::Builtins& builtins);

}  // namespace assay::reference
