#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace assay::reference::php {

// What a `data:` name carries (RFC 2397), given what follows the scheme. The error is the reason as PHP says it.
tl::expected<std::string, std::string> data_of(std::string_view rest);

}  // namespace assay::reference::php
