#pragma once

#include <sys/types.h>

#include <filesystem>

#include "support/error.h"

namespace assay::conformance::php {

// The file that OPcache locks, as a path to the descriptor of it that this process has (/proc/PID/fd/N).
//
// It has no name that could be looked for: it is one in a folder and unlinked at once, or one in memory (SC-SEG-07, SC-SEG-09).
// So it is the regular file without a name that the process keeps open; among several, the one on which the kernel lists a
// record lock. An error says what was there instead.
Expected<std::filesystem::path> find_lock_file(pid_t process);

}  // namespace assay::conformance::php
