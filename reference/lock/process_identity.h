#pragma once

#include <sys/types.h>

namespace assay::reference {

// The id of this process, as getpid() tells it, without a system call but for the first time in each process. A child
// sees its own however it was made (fork, clone): the kernel empties the page in which the id is kept.
// Thread safe. Where the kernel cannot empty a page on fork (before Linux 4.14), it is a system call each time.
pid_t this_process();

}  // namespace assay::reference
