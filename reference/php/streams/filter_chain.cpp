#include "reference/php/streams/filter_chain.h"

#include <algorithm>

namespace assay::reference::php {
namespace {

char upper_letter(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
}

char lower_letter(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
}

char rotated_letter(char letter) {
  const char base = letter >= 'a' && letter <= 'z' ? 'a' : letter >= 'A' && letter <= 'Z' ? 'A' : '\0';
  return base == '\0' ? letter : static_cast<char>((letter - base + 13) % 26 + base);
}

void add_filters(std::string_view list, std::vector<std::string>& filters) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find('|', at), list.size());
    if (end > at) filters.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

FilterChain parse_filter_chain(std::string_view rest) {
  constexpr std::string_view kResource = "resource=", kRead = "read=", kWrite = "write=";
  FilterChain chain;
  while (!rest.empty()) {
    if (rest.starts_with(kResource)) {
      chain.resource = rest.substr(kResource.size());
      break;
    }
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    if (!part.starts_with(kWrite))
      add_filters(part.starts_with(kRead) ? part.substr(kRead.size()) : part, chain.filters);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return chain;
}

bool apply_filter(std::string_view name, std::string& text) {
  char (*change)(char) = name == "string.toupper"   ? upper_letter
                         : name == "string.tolower" ? lower_letter
                         : name == "string.rot13"   ? rotated_letter
                                                    : nullptr;
  if (change == nullptr) return false;
  std::transform(text.begin(), text.end(), text.begin(), change);
  return true;
}

}  // namespace assay::reference::php
