#pragma once

#include <compare>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace assay::conformance {

// A released version of PHP. Versions of one branch have the same first two numbers.
struct PhpVersion {
  // Of a branch as a whole: a patch that is newer than any.
  static constexpr int kNewestPatch = std::numeric_limits<int>::max();

  int first = 0;
  int second = 0;
  int patch = 0;

  friend constexpr auto operator<=>(const PhpVersion&, const PhpVersion&) = default;
  constexpr bool same_branch(const PhpVersion& other) const { return first == other.first && second == other.second; }
  std::string branch() const { return std::to_string(first) + "." + std::to_string(second); }
};

// Reads "8.4.27" or "8.4" (the first of its branch: patch 0). What follows the numbers ("8.5.0-dev") is ignored.
// Nothing for a text that begins otherwise.
std::optional<PhpVersion> php_version_from(std::string_view text);

// Reads what stands in a '- Since:' line of the specification: versions separated by ", ", one for each branch, ascending,
// without anything else. False for another text.
bool is_version_list(std::string_view text);

// Whether what the list dates is there in this version. The version's own branch decides; of a branch that is not named,
// whether it is newer than all that are: "8.4.27, 8.5.3" is there in 8.4.27, in 8.5.3 and in 8.6.0, and not in 8.5.2 or 8.3.99.
// REQUIRES: is_version_list(list).
bool has_begun(std::string_view list, const PhpVersion& version);

}  // namespace assay::conformance
