#pragma once

#include <string>
#include <vector>

namespace assay::conformance::php {

// The last lines of each of these files below a folder, under their names, for a message. Empty ones are left out.
std::string log_tail(const std::string& folder, const std::vector<std::string>& logs, std::size_t lines_of_each);

}  // namespace assay::conformance::php
