#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

namespace assay::reference::php {

// Memory of one compilation: allocations are never freed singly, all go with the arena. Holds plain structs only.
// Not thread-safe.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // Aligned to 8 bytes, zeroed. Never null.
  void* allocate(std::size_t bytes);

  template <typename T>
  T* make() {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    return new (allocate(sizeof(T))) T();
  }

  // A copy of the list in the arena; nullptr for an empty one.
  template <typename T>
  const T* copy(const std::vector<T>& list) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);
    if (list.empty()) return nullptr;
    void* memory = allocate(list.size() * sizeof(T));
    std::memcpy(memory, list.data(), list.size() * sizeof(T));
    return static_cast<const T*>(memory);
  }

 private:
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t chunk_left_ = 0;
  std::byte* next_ = nullptr;
};

}  // namespace assay::reference::php
