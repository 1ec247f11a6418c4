#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/models/file_system_model.h"

namespace assay::conformance {

// Whether a pattern of the blacklist keeps a resolved path out (SC-EXC-02).
bool excludes(const std::string& pattern, const std::string& path);

// The patterns of a list file, where each line is one that SC-EXC-01 leaves as it stands: an absolute path without links,
// dots and doubled slashes. Nothing for a list with any other line, or where one of its folders is a link.
std::optional<std::vector<std::string>> patterns_of(const std::string& list, const FileSystemModel& files);

}  // namespace assay::conformance
