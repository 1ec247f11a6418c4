#pragma once

#include <string>
#include <vector>

#include "conformance/adapters/php/php_binary.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance::php {

// Modules that only a few traces need: one that sets a directive of theirs gets them. Nothing else that a run measures
// changes by them.
enum class OnDemand { ffi, phar };

// Whether this PHP has it, built in or beside it.
bool is_offered(const PhpBinary& binary, OnDemand module);

// What has to be loaded for a trace with these directives, as bare names; not what is built in.
std::vector<std::string> extensions_for(const PhpBinary& binary, const Directives& directives);

}  // namespace assay::conformance::php
