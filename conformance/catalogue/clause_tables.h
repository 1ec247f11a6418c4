#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::conformance {

// The two readable tables beside the specification, as the generator of the catalogue asks them.

// What a target must claim before the clause can be asked of it (features.def): an empty text if nothing;
// no value if no row fits.
std::optional<std::string_view> feature_of(std::string_view id);

// Why nothing can observe the clause (unobservable.def); empty if it can be observed.
std::string_view unobservable_reason(std::string_view id);

// The first row of either table that decides about none of these ids: a typing error, or left over from a clause that
// is gone. Empty if there is none.
std::string_view idle_row(std::span<const std::string> ids);

}  // namespace assay::conformance
