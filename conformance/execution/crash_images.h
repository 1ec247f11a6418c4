#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

#include "faults/crash/segment_memory.h"
#include "faults/crash/store_log.h"

namespace assay::conformance {

// The images of shared memory that a crash inside one followed request can leave, and the way to put them in place.
// Used by one thread, while no worker writes.
class CrashImages {
 public:
  // `segments` as the victim had them mapped; `log`: its stores.
  CrashImages(std::vector<crash::Segment> segments, crash::StoreLog log)
      : segments_(std::move(segments)), log_(std::move(log)), walk_(log_) {}
  CrashImages(const CrashImages&) = delete;
  CrashImages& operator=(const CrashImages&) = delete;

  // Opens the memory through a living worker. Before put().
  Expected<void> open(pid_t worker);
  // The same through another worker, after the one before was replaced.
  void reach_through(pid_t worker);

  // Makes the memory what it was after so many stores. REQUIRES: the log has as many.
  Expected<void> put(std::size_t stores) { return restore(walk_.at(stores)); }
  // What it was before the request.
  Expected<void> put_base() { return restore(log_.base); }

  const crash::StoreLog& log() const { return log_; }

 private:
  Expected<void> restore(const std::vector<std::vector<std::byte>>& images);

  std::vector<crash::Segment> segments_;
  crash::StoreLog log_;
  crash::ImageWalk walk_;
  std::vector<crash::SegmentMemory> memory_;
  std::vector<std::vector<std::size_t>> held_;  // of each: the pages that some image has something in
};

}  // namespace assay::conformance
