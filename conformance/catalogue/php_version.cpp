#include "conformance/catalogue/php_version.h"

#include <charconv>
#include <vector>

namespace assay::conformance {
namespace {

// Takes a number off the front of the text; false where there is none, or one that no version has.
bool take_number(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 9999) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_dot(std::string_view& text) {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

// Takes a version off the front of the text.
std::optional<PhpVersion> take_version(std::string_view& text) {
  PhpVersion version;
  if (!take_number(text, version.first) || !take_dot(text) || !take_number(text, version.second)) return std::nullopt;
  if (take_dot(text) && !take_number(text, version.patch)) return std::nullopt;
  return version;
}

// Nothing where the text is no list.
std::optional<std::vector<PhpVersion>> read_list(std::string_view text) {
  std::vector<PhpVersion> versions;
  while (true) {
    const auto version = take_version(text);
    if (!version) return std::nullopt;
    if (!versions.empty() && (versions.back() >= *version || versions.back().same_branch(*version)))
      return std::nullopt;
    versions.push_back(*version);
    if (text.empty()) return versions;
    if (!text.starts_with(", ")) return std::nullopt;
    text.remove_prefix(2);
  }
}

}  // namespace

std::optional<PhpVersion> php_version_from(std::string_view text) {
  return take_version(text);
}

bool is_version_list(std::string_view text) {
  return read_list(text).has_value();
}

bool has_begun(std::string_view list, const PhpVersion& version) {
  const auto firsts = read_list(list);
  if (!firsts) return false;
  for (const PhpVersion& first : *firsts) {
    if (first.same_branch(version)) return version >= first;
  }
  return version > firsts->back();
}

}  // namespace assay::conformance
