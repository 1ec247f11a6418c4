#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "support/error.h"

namespace assay::conformance {

// Writes a whole file or nothing: into a temporary name in the same folder, which then takes the place of `file`. A
// reader never sees half of it, and an earlier file stays until the new one is complete on the disk. A symbolic link is
// followed; a device, a pipe or /dev/stdout is written directly, but for a pipe
// that nobody reads from. Mode as the umask has it, or as the file had before.
// The error says which file, what the system answered and what to do; the temporary file is gone then.
Expected<void> write_report_file(const std::filesystem::path& file, std::string_view content);

// Writes to a stream that is open already; `name` is what errors call it. A reader that has gone is an error, not a
// signal; one that takes nothing for ten seconds too, where the stream does not block.
Expected<void> write_to_descriptor(int descriptor, const std::string& name, std::string_view content);

// Whether `file` could be written now: makes a temporary file beside it and removes it.
Expected<void> check_report_file(const std::filesystem::path& file);

}  // namespace assay::conformance
