#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace assay::fuzz {

// Takes numbers and texts off the front of an input; zeros and "" behind its end.
class ByteReader {
 public:
  ByteReader(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }
  template <class Number>
  Number number() {
    Number number{};
    const std::size_t count = std::min(sizeof number, rest_.size());
    if (count > 0) std::memcpy(&number, rest_.data(), count);
    rest_ = rest_.subspan(count);
    return number;
  }
  std::uint8_t byte() { return number<std::uint8_t>(); }
  std::string text(std::size_t most) {
    const std::size_t count = std::min(most, rest_.size());
    std::string text(reinterpret_cast<const char*>(rest_.data()), count);
    rest_ = rest_.subspan(count);
    return text;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace assay::fuzz
