#pragma once

#include <map>
#include <string>
#include <string_view>

namespace assay::reference {

// The lines `name = value` of a file that sets directives for the scripts of its folder (.user.ini). Blanks and quotes
// around the value go; comments (;), sections and lines that are no setting are skipped. Of two lines for one
// directive the later counts.
std::map<std::string, std::string> parse_user_ini(std::string_view text);

}  // namespace assay::reference
