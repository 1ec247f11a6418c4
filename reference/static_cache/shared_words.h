#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Bytes in shared memory that readers copy while a writer may already be using them for something else, and then find
// out by looking again at the word that led there.
//
// They are therefore stored in atomic words. Loads acquire and stores release, so that a reader who sees a single word
// of a later use also sees the change that ended the earlier one. Bytes that are copied out are copied at once, with a fence
// behind that does the same, but for ThreadSanitizer, which does not know fences.
namespace assay::reference::shared_words {

using Word = std::atomic<std::uint64_t>;
static_assert(sizeof(Word) == 8 && Word::is_always_lock_free);

constexpr std::size_t words_for(std::size_t bytes) {
  return (bytes + 7) / 8;
}

inline void store(Word* to, std::string_view bytes) {
  for (std::size_t i = 0; i < words_for(bytes.size()); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i * 8, std::min<std::size_t>(8, bytes.size() - i * 8));
    to[i].store(word, std::memory_order_release);
  }
}

inline void load(const Word* from, std::size_t size, std::string& to) {
#ifndef __SANITIZE_THREAD__
  to.assign(reinterpret_cast<const char*>(from), size);
  std::atomic_thread_fence(std::memory_order_acquire);
#else
  to.resize(size);
  for (std::size_t i = 0; i < words_for(size); ++i) {
    const std::uint64_t word = from[i].load(std::memory_order_acquire);
    std::memcpy(to.data() + i * 8, &word, std::min<std::size_t>(8, size - i * 8));
  }
#endif
}

inline bool equal(const Word* left, std::string_view right) {
  for (std::size_t i = 0; i < words_for(right.size()); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, right.data() + i * 8, std::min<std::size_t>(8, right.size() - i * 8));
    if (left[i].load(std::memory_order_acquire) != word) return false;
  }
  return true;
}

}  // namespace assay::reference::shared_words
