#include "conformance/execution/crash_images.h"

namespace assay::conformance {

Expected<void> CrashImages::open(pid_t worker) {
  for (const crash::Segment& segment : segments_) {
    auto memory = ASSAY_TRY(crash::SegmentMemory::open(worker, segment));
    held_.push_back(memory.touched_pages());
    memory_.push_back(std::move(memory));
  }
  return {};
}

void CrashImages::reach_through(pid_t worker) {
  for (crash::SegmentMemory& memory : memory_) {
    if (memory.is_remote()) memory.reach_through(worker);
  }
}

Expected<void> CrashImages::restore(const std::vector<std::vector<std::byte>>& images) {
  for (std::size_t i = 0; i < memory_.size(); ++i) ASSAY_TRY(memory_[i].restore(images[i], held_[i]));
  return {};
}

}  // namespace assay::conformance
