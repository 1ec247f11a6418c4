#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace assay::fuzz {

// Changes of a trace that keep it one, so that coverage guides what happens rather than how it is spelt: steps and
// operations are added, left out, repeated, exchanged; arguments, directives and the configuration are changed. What
// is put in is made up of what stands in the trace and of a small stock of names, values and directives.
//
// The same text and seed give the same result. nullopt where the text is no trace.
std::optional<std::string> mutated_trace(const std::string& text, std::uint32_t seed);

// The beginning of one trace and the end of the other.
std::optional<std::string> spliced_traces(const std::string& first, const std::string& second, std::uint32_t seed);

}  // namespace assay::fuzz
