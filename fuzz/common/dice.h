#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace assay::fuzz {

// Small random choices. minstd_rand is the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : (engine_() >> 3) % limit; }
  bool percent(std::size_t chance) { return below(100) < chance; }
  template <class T>
  const T& one_of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::minstd_rand engine_;
};

}  // namespace assay::fuzz
