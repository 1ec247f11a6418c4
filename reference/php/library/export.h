#pragma once

#include <string>

#include "reference/php/interpreter/machine.h"

// The printed forms of values. Nesting beyond 200 levels, and cycles, are cut with a mark.
namespace assay::reference::php {

std::string var_export(const Value& value, Machine& machine);
std::string print_r(const Value& value, Machine& machine);
std::string var_dump(const Value& value, Machine& machine);
std::string json_encode(const Value& value, Machine& machine);

}  // namespace assay::reference::php
