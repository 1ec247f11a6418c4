#pragma once

#include <string>
#include <vector>

#include "reference/php/compiler/graph.h"

namespace assay::reference::php {

// The names, in lower case, of all classes that the script declares, at its top level and inside its code.
std::vector<std::string> declared_classes(const Script& script);

}  // namespace assay::reference::php
