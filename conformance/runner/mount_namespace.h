#pragma once

#include <filesystem>

#include "support/error.h"

namespace assay::conformance {

// From here on this process and its children see every file system read-only, but for `writable` (an absolute path,
// which they share with everybody outside) and for /tmp and /dev/shm, which become empty ones of their own. So whatever
// a stranger's trace makes a target do, no file outside changes.
//
// A mount namespace; where the process is not root, in a user namespace in which it stays who it is. Call it with one
// thread. An error says what the kernel refused; then nothing has changed. It says nothing about processes, sockets and
// the network, which the target reaches as before.
Expected<void> make_all_read_only_but(const std::filesystem::path& writable);

}  // namespace assay::conformance
