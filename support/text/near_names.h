#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// Up to `count` names of `known` most like `name`, for error messages ("did you mean ..."): those that contain it first,
// then by edit distance. A final '*' of `name` is left out. Names that share nothing with it are not near.
std::vector<std::string> near_names(std::string_view name, std::span<const std::string> known, std::size_t count = 3);

}  // namespace assay
