#include "conformance/reports/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace assay::conformance {
namespace {

bool read_number(const std::string& text, int& number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end && number >= 1;
}

}  // namespace

Expected<Shards> shards_from_text(const std::string& text) {
  Shards shards;
  if (text.empty()) return shards;
  const auto wrong = [&] {
    return failure(fmt::format("shard {}: write I/N with I from 1 to N, for example 1/4", text));
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || !read_number(text.substr(slash + 1), shards.count)) return wrong();
  for (std::size_t begin = 0; begin <= slash;) {
    const std::size_t end = std::min(text.find('+', begin), slash);
    int index = 0;
    if (!read_number(text.substr(begin, end - begin), index) || index > shards.count) return wrong();
    shards.indexes.insert(index);
    begin = end + 1;
  }
  return shards;
}

}  // namespace assay::conformance
