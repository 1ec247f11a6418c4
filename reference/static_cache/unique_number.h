#pragma once

#include <cstdint>

namespace assay::reference {

// A number that no call answers twice, in whatever thread or process, also when memory that processes share is put back
// to what it was before: but for chance, one in 2^64 for each two that ever meet. No system call but for the first of a thread
// in a process.
std::uint64_t unique_number();

}  // namespace assay::reference
