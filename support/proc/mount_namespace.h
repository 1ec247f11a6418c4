#pragma once

#include <filesystem>
#include <vector>

#include "support/error.h"

namespace assay {

// What a confined process sees in /tmp and /dev/shm.
enum class CommonFolders {
  fresh,   // empty ones of its own, which it may write to, with what `visible` names in its place
  shared,  // those of everybody, read-only like the rest
};

// From here on this process and its children see every file system read-only, but for the folders of `writable`
// (absolute paths; shared with everybody outside) and for /proc. So whatever a target is made to do, no file outside
// changes.
//
// A mount namespace; where the process is not root, in a user namespace in which it stays who it is. Call it with one
// thread. An error says what the kernel refused; then nothing has changed. It says nothing about processes, sockets and
// the network, which are reached as before.
//
// visible: files and folders (absolute paths, of which those that do not exist are left out).
Expected<void> make_all_read_only_but(const std::vector<std::filesystem::path>& writable, CommonFolders common,
                                      const std::vector<std::filesystem::path>& visible = {});

}  // namespace assay
