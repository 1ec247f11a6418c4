#pragma once

#include <string>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// A volatile backend of 8 MiB that is full but for four small holes, with entries between them that are larger than a hole:
// what is stored next has a value that fits into none of them, and has to move those entries (ST-FUL-02). All four have room
// for two such stores: where the entries behind the holes need not move, a schedule is soon over.
namespace fragmented {

inline constexpr int kKept = 3;
// The first is so long that it moves by less than its length.
inline std::string kept(int i) {
  return "kept" + std::to_string(i) + std::string(i == 0 ? 400 : 0, 'k');
}
inline Value kept_value(int i) {
  return std::string(300, static_cast<char>('a' + i));
}
inline Value new_value(char letter) {
  return "new " + std::string(250, letter);
}
inline constexpr const char* kFiller = "fill 10000 0";
inline constexpr int kFillerLength = 10'000;

// Ever smaller ones, more of each than there is room for after the larger ones.
template <class Expect>
void fill(WorkerHandle worker, const Expect& expect) {
  for (int i = 0; i <= kKept; ++i) {
    expect(worker.set("hole" + std::to_string(i), std::string(100, 'h')), Matcher(equals(true)));
    if (i < kKept) expect(worker.set(kept(i), kept_value(i)), Matcher(equals(true)));
  }
  for (const std::size_t size : {1'000'000, 100'000, 10'000, 1'000, 100, 1}) {
    const Value value = std::string(size, 'f');
    for (int i = 0; i < (size == 1'000'000 ? 8 : 12); ++i) {
      const std::string key = "fill " + std::to_string(size) + " " + std::to_string(i);
      expect(worker.set(key, value), of_type("bool"));
    }
  }
  for (int i = 0; i <= kKept; ++i) expect(worker.remove_key("hole" + std::to_string(i)), Matcher(equals(true)));
}

}  // namespace fragmented

}  // namespace assay::conformance
