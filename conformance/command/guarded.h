#pragma once

#include <filesystem>
#include <functional>

namespace assay::conformance {

// The part of a command that starts processes: makes the temporary folder, and runs `body` in it so that nothing is left
// behind, whatever happens (runner/guard.h). Returns what `body` returned, or 70 after a message: the folder cannot be
// made, standard output cannot be written, memory ran out, the process was killed. From the first file on, signals reach
// `body` or who cleans up behind it. Call it once, with one thread.
int run_in_temporary_folder(const std::function<int(const std::filesystem::path& folder)>& body);

// `body`, with an exception that nobody caught as a message and status 70.
int without_exceptions(const std::function<int()>& body);

}  // namespace assay::conformance
