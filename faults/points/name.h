#pragma once

// The name of a point, hashed while the program is compiled, so that an armed point finds its counters without reading
// the text. Names follow libfiu's scheme: parts separated by '/', from the general to the particular, at most
// kMaxNameLength characters ("lock/write/acquire", "posix/lock/fcntl/setlkw").

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::points {

inline constexpr std::size_t kMaxNameLength = 55;

// FNV-1a, 64 bits. Never 0: a zero hash marks a free entry of the control block.
constexpr std::uint64_t hash_name(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash == 0 ? 1 : hash;
}

// A borrowed name with its hash. From a literal it costs nothing at run time.
struct Name {
  // Implicit on purpose: `point("lock/write/acquire")`.
  template <std::size_t N>
  consteval Name(const char (&literal)[N]) : text(literal), hash(hash_name({literal, N - 1})) {
    static_assert(N - 1 <= kMaxNameLength, "the name of a point has at most 55 characters");
  }

  // For names known only at run time. The text must outlive the Name.
  static constexpr Name of(const char* text) { return Name(text, hash_name(text)); }

  const char* text;
  std::uint64_t hash;

 private:
  constexpr Name(const char* t, std::uint64_t h) : text(t), hash(h) {}
};

}  // namespace assay::points
