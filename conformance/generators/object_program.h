#pragma once

#include <string>

#include "conformance/generators/draw.h"

namespace assay::conformance {

// Programs about objects: of PHP's own classes (dates, zones, intervals, periods, array objects, fixed arrays, linked lists,
// object storages), of subclasses of them, and of classes with private properties and hooks; shared by one another and in
// cycles.

// Statements, one a line, that leave a value in `$value`; they use models/object_library.h.
std::string random_object_program(Draw& draw);

}  // namespace assay::conformance
