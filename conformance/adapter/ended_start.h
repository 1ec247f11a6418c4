#pragma once

#include <cerrno>

namespace assay::conformance {

// The code of an error of Target::start and Runtime::reload that says: the implementation ended by itself while it started
// with this configuration. With its defaults it starts, or there would be no run: so that is its behaviour, and the test
// that configured it fails.
inline constexpr int ended_while_starting = ECHILD;

}  // namespace assay::conformance
