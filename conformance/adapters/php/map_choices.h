#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace assay::conformance::php {

// A choice that a map may declare (docs/spec/static-cache.md, C.5). The first value is what counts where none is declared;
// no value: any whole number.
struct MapChoice {
  std::string_view name;
  std::vector<std::string_view> values;
};
std::span<const MapChoice> map_choices();

}  // namespace assay::conformance::php
