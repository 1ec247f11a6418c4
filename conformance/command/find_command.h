#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// Prints the clauses, tests and points whose id, title or text has all of the words, in any case. Status 0; 64 with a
// message where there are none.
int find_by_words(const std::vector<std::string>& words);

}  // namespace assay::conformance
