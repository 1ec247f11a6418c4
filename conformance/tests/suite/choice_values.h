#pragma once

#include <map>
#include <string>
#include <vector>

namespace assay::conformance {

// What a target may declare, by the name of the choice; none where any number may be declared. Apart from the tests, since the
// namespace of the PHP adapters and the function php() of scenarios have one name.
std::map<std::string, std::vector<std::string>> choice_values();

}  // namespace assay::conformance
