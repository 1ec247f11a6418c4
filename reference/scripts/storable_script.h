#pragma once

#include <cstddef>
#include <cstdint>

#include "reference/script/graph.h"

namespace assay::reference {

// A compiled script that can be copied into a block of shared memory.
class StorableScript {
 public:
  virtual ~StorableScript() = default;
  // What the compiler made, private to the worker: what runs when nothing is stored.
  virtual const script::Script* own() const = 0;
  // The bytes that copy_to() will need. Called under the write lock, right before it.
  virtual std::uint64_t measure() = 0;
  // Copies everything into the block, aligned to 8, and answers the copy. Nothing outside the block may be referred to.
  virtual const script::Script* copy_to(std::byte* block) = 0;
};

}  // namespace assay::reference
