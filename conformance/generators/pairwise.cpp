#include "conformance/generators/pairwise.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

namespace assay::conformance {
namespace {

// Two dimensions, the smaller one first, with a value of each.
using Pair = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;

Pair pair_of(std::size_t a, std::size_t value_a, std::size_t b, std::size_t value_b) {
  return a < b ? Pair(a, value_a, b, value_b) : Pair(b, value_b, a, value_a);
}

class Covering {
 public:
  Covering(const std::vector<std::size_t>& sizes, std::uint64_t seed) : sizes_(sizes), random_(seed) {
    for (std::size_t a = 0; a < sizes.size(); ++a)
      for (std::size_t b = a + 1; b < sizes.size(); ++b)
        for (std::size_t value_a = 0; value_a < sizes[a]; ++value_a)
          for (std::size_t value_b = 0; value_b < sizes[b]; ++value_b) missing_.emplace(a, value_a, b, value_b);
  }

  std::vector<Row> rows() {
    std::vector<Row> rows;
    // Of one dimension there are no pairs.
    for (std::size_t value = 0; sizes_.size() == 1 && value < sizes_[0]; ++value) rows.push_back({value});
    while (!missing_.empty()) rows.push_back(next());
    std::shuffle(rows.begin(), rows.end(), random_);
    return rows;
  }

 private:
  // Begins with a pair that is missing, then takes for each dimension the value that covers most.
  Row next() {
    const auto [a, value_a, b, value_b] = *missing_.begin();
    Row row(sizes_.size(), 0);
    row[a] = value_a, row[b] = value_b;
    std::vector<std::size_t> chosen = {a, b}, others(sizes_.size());
    std::iota(others.begin(), others.end(), std::size_t{0});
    std::erase_if(others, [first = chosen[0], second = chosen[1]](std::size_t dimension) {
      return dimension == first || dimension == second;
    });
    std::shuffle(others.begin(), others.end(), random_);
    for (const std::size_t dimension : others) {
      row[dimension] = best_value(row, chosen, dimension);
      chosen.push_back(dimension);
    }
    for (std::size_t first = 0; first < row.size(); ++first)
      for (std::size_t second = first + 1; second < row.size(); ++second)
        missing_.erase(Pair(first, row[first], second, row[second]));
    return row;
  }

  std::size_t best_value(const Row& row, const std::vector<std::size_t>& chosen, std::size_t dimension) {
    std::vector<std::size_t> values(sizes_[dimension]);
    std::iota(values.begin(), values.end(), std::size_t{0});
    std::shuffle(values.begin(), values.end(), random_);
    const auto covered = [&](std::size_t value) {
      return std::count_if(chosen.begin(), chosen.end(), [&](std::size_t other) {
        return missing_.contains(pair_of(other, row[other], dimension, value));
      });
    };
    return *std::max_element(values.begin(), values.end(),
                             [&](std::size_t x, std::size_t y) { return covered(x) < covered(y); });
  }

  const std::vector<std::size_t>& sizes_;
  std::mt19937_64 random_;
  std::set<Pair> missing_;
};

}  // namespace

std::vector<Row> pairwise(const std::vector<std::size_t>& sizes, std::uint64_t seed) {
  return Covering(sizes, seed).rows();
}

}  // namespace assay::conformance
