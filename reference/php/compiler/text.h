#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Byte-string helpers of the script subset.
namespace assay::reference::php {

// ASCII only, as names compare in PHP 8.
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text, std::string_view bytes, bool left = true, bool right = true);

// A reserved word, in any case: what cannot be the name of a function or class.
bool is_keyword(std::string_view name);

// The code point in UTF-8.
std::string utf8(std::uint32_t code_point);

// As PHP's dirname(): "." when there is no slash, "/" for the root.
std::string directory_of(std::string_view path);

}  // namespace assay::reference::php
