#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace assay::conformance {

// Name (without ".json") and text of each file in faults/mutants, as the build embedded them (mutation/embed.cmake), in the
// order of their names. Not parsed yet: see all_mutants().
std::span<const std::pair<std::string_view, std::string_view>> mutant_files();

}  // namespace assay::conformance
