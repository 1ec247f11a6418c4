#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include "support/error.h"

namespace assay::reference {

// The mechanism behind a segment (SC-SEG-02, ST-CFG-11).
enum class MemoryModel { mmap, system_v, posix };

// What status reports call the model: "mmap", "shm", "posix".
std::string_view memory_model_name(MemoryModel model);

// One budget of memory that a process shares with all the processes forked from it (SC-SEG-01).
//
// It is zero-filled and never grows or shrinks. No name of it is left in any name space, so nothing remains when the
// last process that maps it is gone, however it went (SC-SEG-05, GU-RES-05). Children map it at the same address, so
// structures inside may use plain pointers into it.
//
// Ownership: the object owns this process's mapping and unmaps it. Safe across fork: each process owns its own mapping.
// The System V model takes pieces of kLargestPiece bytes and one with the rest (SC-SEG-11), which stand side by side in
// addresses: what must not cross from one to the next is its user's business (SC-SEG-06). Huge pages are never asked for: who
// follows stores protects the memory page by page.
class Segment {
 public:
  static constexpr std::size_t kLargestPiece = std::size_t{32} << 20;

  // Tries the preferred model ("mmap", "shm", "cgi" for shm, "posix") or, for any other text, mmap, shm and posix in
  // that order, and answers the first that works (SC-SEG-02, SC-SEG-03). The error names the size and the last
  // primitive that failed (SC-SEG-04).
  static Expected<Segment> create(std::size_t bytes, std::string_view preferred_model = {});

  Segment() = default;
  Segment(Segment&& other) noexcept;
  Segment& operator=(Segment&& other) noexcept;
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  ~Segment();

  // From here on this process, and each that is forked from it, can only read the memory, but for as long as a Writing
  // exists in it (SC-SEC-04). Once, before anybody else uses it. The error is the system's.
  Expected<void> protect();
  class Writing;

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  MemoryModel model() const { return model_; }
  // Of each piece but the last, which may be smaller.
  std::size_t piece_size() const {
    return model_ == MemoryModel::system_v && size_ > kLargestPiece ? kLargestPiece : size_;
  }

 private:
  Segment(std::byte* data, std::size_t size, MemoryModel model) : data_(data), size_(size), model_(model) {}
  // How many in this process write, once the memory is protected.
  struct Protection {
    std::mutex changing;
    int writers = 0;
  };
  void begin_writing() const;
  void end_writing() const;
  static Expected<Segment> create_with(MemoryModel model, std::size_t bytes);
  void release();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  MemoryModel model_ = MemoryModel::mmap;
  std::unique_ptr<Protection> protection_;
};

// Its process may write into the segment while it exists. They nest, also over threads. Where the memory is not protected it does
// nothing.
class [[nodiscard]] Segment::Writing {
 public:
  explicit Writing(const Segment& segment) : segment_(segment.protection_ ? &segment : nullptr) {
    if (segment_ != nullptr) segment_->begin_writing();
  }
  ~Writing() {
    if (segment_ != nullptr) segment_->end_writing();
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

 private:
  const Segment* segment_;
};

}  // namespace assay::reference
