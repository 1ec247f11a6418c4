#pragma once

#include <optional>
#include <string_view>

namespace assay {

// "EINTR" of EINTR, on any C library (strerrorname_np() came with glibc 2.32); empty where the number has no name.
std::string_view error_name(int error);

// EINTR of "EINTR".
std::optional<int> error_named(std::string_view name);

}  // namespace assay
