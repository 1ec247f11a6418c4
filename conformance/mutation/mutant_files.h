#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace assay::conformance {

// Name and text of each file in faults/mutants, as the build embedded them.
std::span<const std::pair<std::string_view, std::string_view>> mutant_files();

}  // namespace assay::conformance
