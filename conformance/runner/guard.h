#pragma once

#include <filesystem>
#include <functional>

#include "support/error.h"

namespace assay::conformance {

// Runs `suite` so that whatever happens to it, nothing is left behind: no process, no file of the temporary folder.
//
//   front   the process that the user started; waits, hands signals on; cleans up if the guard is killed
//   guard   waits for the suite; when the suite ends or the front is gone it kills all that is left and removes `folder`
//   suite   runs the function; SIGINT and SIGTERM reach it, so that it can write what it has
//
// Only when front and guard are both killed at once does anything stay, and then workers of targets die with their
// parents and the folder is removed by the next start (TemporaryFolder). Returns what `suite` returned, or 70 where it
// was killed. Call it once, with one thread.
int run_guarded(const std::filesystem::path& folder, const std::function<int()>& suite);

}  // namespace assay::conformance
