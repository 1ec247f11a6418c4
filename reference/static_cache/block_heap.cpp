#include "reference/static_cache/block_heap.h"

#include <algorithm>
#include <bit>

namespace assay::reference {
namespace {

constexpr std::uint64_t kHeapHeaderBytes = 64;
constexpr std::uint64_t kAllUsed = ~std::uint64_t{0};

}  // namespace

BlockHeap::BlockHeap(std::byte* memory, std::uint64_t bytes) : header_(reinterpret_cast<Header*>(memory)) {
  if (bytes < 4096) return;
  // So many units that bits and payload fit together.
  const std::uint64_t room = bytes - kHeapHeaderBytes - 64;
  unit_count_ = room * 8 / (kUnit * 8 + 1) / kBits * kBits;
  bits_ = reinterpret_cast<std::uint64_t*>(memory + kHeapHeaderBytes);
  const std::uint64_t bit_bytes = (unit_count_ / 8 + 63) / 64 * 64;
  payload_ = memory + kHeapHeaderBytes + bit_bytes;
}

std::optional<std::uint32_t> BlockHeap::allocate(std::uint64_t units) {
  if (units == 0 || units > capacity_units() - used_units()) return std::nullopt;
  if (header_->refused != 0 && units >= header_->refused) return std::nullopt;
  const auto first = find_run(units);
  if (!first) {
    header_->refused = units;
    return std::nullopt;
  }
  reserve(static_cast<std::uint32_t>(*first), units);
  if (*first == header_->lowest_free) header_->lowest_free = *first + units;
  return static_cast<std::uint32_t>(*first);
}

std::optional<std::uint64_t> BlockHeap::find_run(std::uint64_t units) const {
  std::uint64_t at = std::max<std::uint64_t>(header_->lowest_free, 1);
  std::uint64_t run = 0;
  while (at < unit_count_) {
    const std::uint64_t rest = bits_[at / kBits] >> (at % kBits);
    // How many units from here on, within this word, are of one kind.
    const std::uint64_t in_word = kBits - at % kBits;
    const bool used = (rest & 1) != 0;
    const auto same = std::min<std::uint64_t>(
        static_cast<std::uint64_t>(used ? std::countr_one(rest) : std::countr_zero(rest)), in_word);
    run = used ? 0 : run + same;
    at += same;
    if (run >= units) return at - run;
  }
  return std::nullopt;
}

void BlockHeap::release(std::uint32_t first, std::uint64_t units) {
  set_bits(first, units, false);
  header_->used.store(used_units() - units, std::memory_order_release);
  header_->lowest_free = std::min<std::uint64_t>(header_->lowest_free, first);
  header_->refused = 0;
}

void BlockHeap::reset() {
  std::fill_n(bits_, unit_count_ / kBits, 0);
  header_->used.store(0, std::memory_order_release);
  header_->lowest_free = 1;
  header_->refused = 0;
}

void BlockHeap::reserve(std::uint32_t first, std::uint64_t units) {
  set_bits(first, units, true);
  header_->used.store(used_units() + units, std::memory_order_release);
}

void BlockHeap::set_bits(std::uint64_t first, std::uint64_t units, bool used) {
  const std::uint64_t end = first + units;
  for (std::uint64_t at = first; at < end;) {
    const std::uint64_t count = std::min(kBits - at % kBits, end - at);
    const std::uint64_t mask = (count == kBits ? kAllUsed : (std::uint64_t{1} << count) - 1) << (at % kBits);
    std::uint64_t& word = bits_[at / kBits];
    word = used ? word | mask : word & ~mask;
    at += count;
  }
}

}  // namespace assay::reference
