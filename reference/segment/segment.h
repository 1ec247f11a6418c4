#pragma once

#include <cstddef>
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
// The System V model uses one piece whatever the size (SC-SEG-06 does not apply).
class Segment {
 public:
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

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  MemoryModel model() const { return model_; }

 private:
  Segment(std::byte* data, std::size_t size, MemoryModel model) : data_(data), size_(size), model_(model) {}
  static Expected<Segment> create_with(MemoryModel model, std::size_t bytes);
  void release();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  MemoryModel model_ = MemoryModel::mmap;
};

}  // namespace assay::reference
