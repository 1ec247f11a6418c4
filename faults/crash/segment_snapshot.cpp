#include "faults/crash/segment_snapshot.h"

#include <algorithm>

namespace assay::crash {
namespace {

bool is_zero(const std::vector<std::byte>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{}; });
}

}  // namespace

Expected<SegmentSnapshot> SegmentSnapshot::take(SegmentMemory memory) {
  SegmentSnapshot snapshot(std::move(memory));
  for (const std::size_t page : snapshot.memory_.touched_pages()) {
    std::vector<std::byte> bytes(std::min(kPage, snapshot.memory_.size() - page * kPage));
    ASSAY_TRY(snapshot.memory_.read(page * kPage, bytes));
    if (!is_zero(bytes)) snapshot.pages_.emplace(page, std::move(bytes));
  }
  return snapshot;
}

Expected<void> SegmentSnapshot::put_back() {
  for (const auto& [page, bytes] : pages_) {
    if (auto done = put_back_page(page, bytes); !done) return done;
  }
  static constexpr std::byte zeros[kPage] = {};
  for (const std::size_t page : memory_.touched_pages()) {
    if (pages_.contains(page)) continue;
    const std::size_t length = std::min(kPage, memory_.size() - page * kPage);
    if (auto done = put_back_page(page, {zeros, length}); !done) return done;
  }
  return {};
}

Expected<void> SegmentSnapshot::put_back_page(std::size_t page, std::span<const std::byte> bytes) {
  const bool is_same = ASSAY_TRY(memory_.holds(page * kPage, bytes));
  return is_same ? Expected<void>() : memory_.write(page * kPage, bytes);
}

}  // namespace assay::crash
