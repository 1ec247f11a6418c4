#pragma once

#include <string>

#include "conformance/adapters/php/failure.h"

namespace assay::conformance::php {

// The interposer (faults/interposer) that belongs to this program: named by ASSAY_INTERPOSER, or libassay_interposer.so
// in ../lib/assay, ../lib or beside the program. unusable, naming the places, when there is none.
Result<std::string> find_interposer();

}  // namespace assay::conformance::php
