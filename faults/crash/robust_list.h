#pragma once

#include <cstdint>
#include <vector>

#include "faults/crash/tracee.h"

namespace assay::crash {

// A robust futex says in its word who owns it, and the kernel marks those that the dead leave behind (set_robust_list(2)):
// the next one to lock it learns of the death instead of waiting for good.

// The addresses of the words that the kernel would mark if the process died right now. Empty where it holds none, or
// keeps no list.
Expected<std::vector<std::uint64_t>> robust_words(const Tracee& tracee);

// What the kernel makes of such a word.
std::uint32_t marked_word(std::uint32_t word);

}  // namespace assay::crash
