#pragma once

#include "conformance/adapter/ended_start.h"
#include "conformance/registry/verdict.h"
#include "support/error.h"

namespace assay::conformance {

// The verdict of a test that an error ended: the suite or the adapter broke, or, where the system refused what was
// needed or was too busy, nothing can be said. A target that ended while it started is a fail.
inline Verdict verdict_of(const Error& error) {
  if (error.code == ended_while_starting) return Verdict::fail;
  return error.kind == Error::Kind::refused ? Verdict::inconclusive : Verdict::error;
}

inline TestResult test_result(const Error& error) {
  return test_result(verdict_of(error), error.message);
}

}  // namespace assay::conformance
