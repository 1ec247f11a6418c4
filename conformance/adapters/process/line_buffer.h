#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace assay::conformance::process {

// Whole lines out of a descriptor that blocks.
class LineBuffer {
 public:
  explicit LineBuffer(int descriptor) : descriptor_(descriptor) {}

  // Reads once. False at the end of the stream.
  bool read(std::vector<std::string>& lines) {
    char chunk[65536];
    ssize_t got = 0;
    while ((got = ::read(descriptor_, chunk, sizeof chunk)) < 0 && errno == EINTR) {
    }
    if (got <= 0) return false;
    for (const char* at = chunk; at < chunk + got;) {
      const char* end = static_cast<const char*>(::memchr(at, '\n', static_cast<std::size_t>(chunk + got - at)));
      partial_.append(at, end ? end : chunk + got);
      if (!end) break;
      lines.push_back(std::move(partial_));
      partial_.clear();
      at = end + 1;
    }
    return true;
  }

 private:
  int descriptor_;
  std::string partial_;
};

inline bool write_whole(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(descriptor, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace assay::conformance::process
