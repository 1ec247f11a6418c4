#pragma once

#include "support/error.h"

namespace assay::conformance {

// For the start of the program, before anything else and with one thread. Without standard input, output or error the
// process gets them as something that refuses, so that no file that is opened later is taken for them; a limit on the size
// of files is an error of the write, not the end of the process. Programs that are started later have the defaults.
//
// A soft limit on the stack that is too small is raised, by executing the program again with `arguments` (as main has
// them): threads have the size that counted when the program began. An error where the hard limit is too small.
Expected<void> prepare_process(char** arguments);

// What every run on a target needs of the machine: /proc.
Expected<void> check_machine();

}  // namespace assay::conformance
