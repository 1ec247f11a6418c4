#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace assay::fuzz {

// A change of one node of a JSON document, so that it stays JSON: removed, repeated, put elsewhere, or of another value.
// `bytes` changes a text in place. nullopt where the text is no JSON.
std::optional<std::string> mutated_json(const std::string& text, std::uint32_t seed,
                                        const std::function<std::string(std::string)>& bytes);

}  // namespace assay::fuzz
