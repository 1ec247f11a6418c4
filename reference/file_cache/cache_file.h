#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "reference/file_cache/script_image.h"

namespace assay::reference {

// What stands in front of a file of the file cache (SC-FIL-03). In the byte order of the machine: the system id keeps
// others away.
struct CacheFileHeader {
  char magic[8];
  char system_id[32];
  std::uint64_t graph_bytes;     // the memory part
  std::uint64_t pointers_bytes;  // the second part
  std::uint64_t root;
  std::int64_t timestamp;  // of the source
  std::uint64_t checksum;  // of the four numbers and both parts: damage to the header is seen too (GU-SYS-06)
};
static_assert(sizeof(CacheFileHeader) == 80);

// In seconds since the epoch.
struct CacheFileTimes {
  std::int64_t source = 0;  // in the header
  std::int64_t next_check =
      0;  // behind the graph, as its last word: until when the source is not looked at (SC-FIL-05)
};

// 32 characters that differ between builds whose images differ.
std::string_view system_id();

std::vector<std::byte> to_file(const ScriptImage& image, CacheFileTimes times);

// Why bytes are refused: in the words of SC-FIL-06.
enum class Refusal { short_header, header, system_id, short_body, timestamp, checksum };

// Looks at the header alone; nothing when it may be read on. `file_bytes`: the size of the whole file.
// `timestamp`: what the source has; null: not asked.
std::optional<Refusal> refusal_of(const CacheFileHeader& header, std::uint64_t file_bytes,
                                  const std::int64_t* timestamp);

// `body` is everything behind a header that was not refused. Without `check` the checksum is believed (SC-FIL-07).
// The image keeps the word behind its graph.
tl::expected<ScriptImage, Refusal> from_file(const CacheFileHeader& header, std::span<const std::byte> body,
                                             bool check);

}  // namespace assay::reference
