#include "reference/php/compiler/arena.h"

#include <algorithm>

namespace assay::reference::php {

void* Arena::allocate(std::size_t bytes) {
  constexpr std::size_t kChunk = 16 * 1024;
  bytes = std::max<std::size_t>((bytes + 7) & ~std::size_t{7}, 8);
  if (bytes > chunk_left_) {
    const std::size_t size = std::max(bytes, kChunk);
    chunks_.push_back(std::make_unique<std::byte[]>(size));
    next_ = chunks_.back().get();
    chunk_left_ = size;
  }
  void* result = next_;
  next_ += bytes;
  chunk_left_ -= bytes;
  return result;
}

}  // namespace assay::reference::php
