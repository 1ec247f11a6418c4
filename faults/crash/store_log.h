#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace assay::crash {

// One instruction that stored into a segment.
struct Store {
  std::uint32_t segment = 0;             // index in the list of segments
  std::uint64_t place = 0;               // offset in the segment at which it wrote
  std::uint64_t code = 0;                // the instruction: its offset in the program or library that it belongs to
  std::uint64_t first = 0;               // offset of the first byte that it changed ...
  std::vector<std::byte> before, after;  // ... and what changed; empty: a silent store, which changed nothing
};

// The word of a robust futex that the kernel marks when its owner dies (robust_list.h).
struct RobustWord {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;
  bool operator==(const RobustWord&) const = default;
};

// Every store of one operation, in order, and the memory before the first one. On coherent memory a process that is
// killed leaves a prefix of them, so these are all states that it can leave behind.
struct StoreLog {
  std::vector<std::vector<std::byte>> base;  // the image of each segment before the operation
  std::vector<Store> stores;
  // By the number of stores that were done: the words that the kernel marks for a process that dies then.
  std::map<std::size_t, std::vector<RobustWord>> left_locked{};

  // A short name of the first k stores: the instructions that made them. Not where they went or what they wrote,
  // because addresses, paths and hashes of them differ from run to run; other instructions mean another way through the
  // program.
  std::string hash(std::size_t k) const;
};

// The distinct memory images that prefixes of the log make, with what the kernel marks.
struct CrashState {
  std::size_t stores = 0;  // the shortest prefix that makes it
  std::size_t alike = 1;   // how many prefixes make it
};
std::vector<CrashState> distinct_states(const StoreLog& log);

// The image of one state after the other, without computing each from the start.
class ImageWalk {
 public:
  // `log` must outlive the walk, which begins at the state of no store.
  explicit ImageWalk(const StoreLog& log) : log_(log), images_(log.base) {}

  // Goes to the state that a death after k stores leaves, forward or back. REQUIRES: k <= log.stores.size().
  const std::vector<std::vector<std::byte>>& at(std::size_t k);

 private:
  const StoreLog& log_;
  std::vector<std::vector<std::byte>> images_;
  std::size_t now_ = 0;
  std::vector<std::pair<RobustWord, std::uint32_t>> marked_;  // with what stood there
};

}  // namespace assay::crash
