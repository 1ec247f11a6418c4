#pragma once

#include <set>
#include <string>

#include "support/error.h"

namespace assay::conformance {

// Which parts of how many: one of a run, some of a merge of them. No part of none: not in parts.
struct Shards {
  std::set<int> indexes;  // from 1 to count
  int count = 0;
};

// "2/4" or "1+3/4"; "" is no shard. The error says how to write one.
Expected<Shards> shards_from_text(const std::string& text);

}  // namespace assay::conformance
