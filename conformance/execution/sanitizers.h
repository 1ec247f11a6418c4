#pragma once

namespace assay::conformance {

// Whether sanitizers watch this program, and with it the reference: everything takes longer, and what is freed is kept
// for a while, so that the memory of a process says nothing.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool watched_by_sanitizers = true;
#else
constexpr bool watched_by_sanitizers = false;
#endif

}  // namespace assay::conformance
