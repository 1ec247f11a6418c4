#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace assay::conformance {

// Choices drawn from rapidcheck's random numbers, the same on every machine for the same random. A generator of traces is
// a plain function over it. Each draw changes it: one thread at a time, one draw in a list of arguments.
// REQUIRES: limits and sums of weights above 0, `low` not above `high`, lists that are not empty.
class Draw {
 public:
  explicit Draw(rc::Random random) : random_(random) {}

  // 0 <= x < limit. Not quite even for limits near 2^63, which no trace needs.
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(limit));
  }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  // True so many times of a hundred.
  bool percent(int chance) { return below(100) < chance; }
  template <class T>
  T one_of(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(below(static_cast<std::int64_t>(items.size())))];
  }
  template <class T>
  T one_of(std::initializer_list<T> items) {
    return one_of(std::vector<T>(items));
  }
  // One of the choices, each as likely as its weight.
  void weighted(std::initializer_list<std::pair<int, std::function<void()>>> choices) {
    int sum = 0;
    for (const auto& [weight, choice] : choices) sum += weight;
    std::int64_t at = below(sum);
    for (const auto& [weight, choice] : choices) {
      if (at < weight) return choice();
      at -= weight;
    }
  }

 private:
  rc::Random random_;
};

// A trace by rapidcheck's Gen, from a seed: what `write` makes of its draws. Shrinking is ours (shrink.h).
template <class Write>
auto generate(std::uint64_t seed, Write write) {
  using Made = decltype(write(std::declval<Draw&>()));
  const rc::Gen<Made> gen([write](const rc::Random& random, int) {
    Draw draw(random);
    return rc::shrinkable::just(write(draw));
  });
  return gen(rc::Random(seed), 100).value();
}

}  // namespace assay::conformance
