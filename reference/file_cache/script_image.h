#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reference/php/compiler/graph.h"
#include "support/error.h"

namespace assay::reference {

// A script's graph as bytes that mean the same at any address: each pointer is an offset into the image.
struct ScriptImage {
  std::vector<std::uint64_t> words;     // the graph
  std::vector<std::uint32_t> pointers;  // which words are pointers, ascending
  std::uint64_t root = 0;               // byte offset of the Script
};

Expected<ScriptImage> image_of(const php::Script& script);

// Turns the offsets into pointers, in place: the graph lives in image.words. Nothing if an offset or a place is none,
// so that no pointer ever leads outside the image; what else the words say is not looked at.
const php::Script* restore(ScriptImage& image);

}  // namespace assay::reference
