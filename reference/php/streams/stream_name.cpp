#include "reference/php/streams/stream_name.h"

#include <algorithm>
#include <cctype>

#include "reference/php/compiler/text.h"

namespace assay::reference::php {

bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '+' || letter == '-' || letter == '.';
  });
}

StreamName split_stream_name(std::string_view name) {
  constexpr std::string_view kData = "data:", kMark = "://";
  const auto end = name.find(kMark);
  if (end != std::string_view::npos && is_scheme(name.substr(0, end))) {
    const std::string_view written = name.substr(0, end);
    return {lower(written), name.substr(end + kMark.size()), lower(written) == written};
  }
  if (name.starts_with(kData)) return {"data", name.substr(kData.size())};
  return {"", name};
}

}  // namespace assay::reference::php
