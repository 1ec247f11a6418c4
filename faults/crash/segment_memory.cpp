#include "faults/crash/segment_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <utility>

namespace assay::crash {
namespace {

std::byte* own_address_of(const Segment& segment) {
  const auto own = shared_segments(::getpid(), 0);
  if (!own) return nullptr;
  for (const Segment& mine : *own) {
    if (mine.identity == segment.identity && mine.size == segment.size)
      return reinterpret_cast<std::byte*>(mine.address);
  }
  return nullptr;
}

int open_through_procfs(pid_t pid, std::uint64_t begin, std::uint64_t end) {
  char file[96];
  std::snprintf(file, sizeof file, "/proc/%d/map_files/%llx-%llx", static_cast<int>(pid),
                static_cast<unsigned long long>(begin), static_cast<unsigned long long>(end));
  return ::open(file, O_RDWR | O_CLOEXEC);
}

std::byte* map(int descriptor, std::size_t size) {
  void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  return at == MAP_FAILED ? nullptr : static_cast<std::byte*>(at);
}

}  // namespace

SegmentMemory::SegmentMemory(std::byte* local, bool own_mapping, int descriptor, const Segment& segment, pid_t pid)
    : local_(local),
      own_mapping_(own_mapping),
      descriptor_(descriptor),
      pid_(pid),
      address_(segment.address),
      size_(segment.size) {}

SegmentMemory::SegmentMemory(SegmentMemory&& other) noexcept
    : local_(std::exchange(other.local_, nullptr)),
      own_mapping_(std::exchange(other.own_mapping_, false)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      pid_(other.pid_),
      address_(other.address_),
      size_(other.size_),
      scratch_(std::move(other.scratch_)),
      touched_(std::move(other.touched_)),
      touched_blocks_(other.touched_blocks_) {}

SegmentMemory::~SegmentMemory() {
  if (own_mapping_) ::munmap(local_, size_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

Expected<SegmentMemory> SegmentMemory::open(pid_t pid, const Segment& segment) {
  const int descriptor = open_through_procfs(pid, segment.address, segment.end());
  if (std::byte* own = own_address_of(segment)) return SegmentMemory(own, false, descriptor, segment, pid);
  if (std::byte* mapped = descriptor < 0 ? nullptr : map(descriptor, segment.size))
    return SegmentMemory(mapped, true, descriptor, segment, pid);
  SegmentMemory remote(nullptr, false, descriptor, segment, pid);
  std::byte probe{};
  if (const auto read = remote.read(0, {&probe, 1}); !read)
    return refusal("cannot reach the memory of process " + std::to_string(pid) +
                   ": neither procfs map_files (needs root) nor process_vm_readv (needs the same user) is allowed; " +
                   read.error().message);
  return remote;
}

Expected<void> SegmentMemory::read(std::size_t offset, std::span<std::byte> into) const {
  if (local_ != nullptr) {
    std::memcpy(into.data(), local_ + offset, into.size());
    return {};
  }
  const iovec here{into.data(), into.size()};
  const iovec there{reinterpret_cast<void*>(address_ + offset), into.size()};
  if (::process_vm_readv(pid_, &here, 1, &there, 1, 0) != static_cast<ssize_t>(into.size()))
    return failure(with_errno("cannot read the memory of process " + std::to_string(pid_)));
  return {};
}

Expected<void> SegmentMemory::write(std::size_t offset, std::span<const std::byte> bytes) {
  if (local_ != nullptr) {
    std::memcpy(local_ + offset, bytes.data(), bytes.size());
    return {};
  }
  const iovec here{const_cast<std::byte*>(bytes.data()), bytes.size()};
  const iovec there{reinterpret_cast<void*>(address_ + offset), bytes.size()};
  if (::process_vm_writev(pid_, &here, 1, &there, 1, 0) != static_cast<ssize_t>(bytes.size()))
    return failure(with_errno("cannot write the memory of process " + std::to_string(pid_)));
  return {};
}

Expected<bool> SegmentMemory::holds(std::size_t offset, std::span<const std::byte> bytes) const {
  if (local_ != nullptr) return std::memcmp(local_ + offset, bytes.data(), bytes.size()) == 0;
  std::vector<std::byte> now(bytes.size());
  ASSAY_TRY(read(offset, now));
  return std::memcmp(now.data(), bytes.data(), bytes.size()) == 0;
}

// A page that was touched stays so: as long as the file has as many blocks as before, they are the same.
const std::vector<std::size_t>& SegmentMemory::touched_pages() {
  struct stat status {};
  const bool is_told = descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0;
  if (is_told && touched_blocks_ == status.st_blocks) return touched_;
  touched_ = descriptor_ >= 0 ? pages_of_file() : resident_pages();
  // A page that was touched in between is in the next count at the latest.
  touched_blocks_ = is_told ? std::optional(status.st_blocks) : std::nullopt;
  return touched_;
}

std::vector<std::size_t> SegmentMemory::pages_of_file() const {
  std::vector<std::size_t> pages;
  const auto size = static_cast<off_t>(size_);
  for (off_t data = ::lseek(descriptor_, 0, SEEK_DATA); data >= 0 && data < size;) {
    const off_t hole = std::min(::lseek(descriptor_, data, SEEK_HOLE), size);
    if (hole <= data) break;
    for (off_t at = data; at < hole; at += static_cast<off_t>(kPage))
      pages.push_back(static_cast<std::size_t>(at) / kPage);
    data = hole == size ? -1 : ::lseek(descriptor_, hole, SEEK_DATA);
  }
  return pages;
}

std::vector<std::size_t> SegmentMemory::resident_pages() const {
  std::vector<unsigned char> resident((size_ + kPage - 1) / kPage, 1);
  if (local_ != nullptr && ::mincore(local_, size_, resident.data()) != 0) std::ranges::fill(resident, 1);
  std::vector<std::size_t> pages;
  for (std::size_t page = 0; page < resident.size(); ++page) {
    if ((resident[page] & 1) != 0) pages.push_back(page);
  }
  return pages;
}

Expected<std::vector<std::byte>> SegmentMemory::image() const {
  std::vector<std::byte> bytes(size_);
  std::vector<std::size_t> pages;
  if (descriptor_ >= 0) pages = pages_of_file();
  for (std::size_t first = 0; first < pages.size();) {
    std::size_t end = first + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + 1) ++end;
    const std::size_t offset = pages[first] * kPage;
    const std::size_t length = std::min((end - first) * kPage, size_ - offset);
    ASSAY_TRY(read(offset, std::span(bytes).subspan(offset, length)));
    first = end;
  }
  if (descriptor_ >= 0) return bytes;
  ASSAY_TRY(read(0, bytes));
  return bytes;
}

Expected<std::size_t> SegmentMemory::restore(std::span<const std::byte> image, std::span<const std::size_t> held) {
  const std::vector<std::size_t>& touched = touched_pages();
  std::vector<std::size_t> pages;
  std::ranges::set_union(touched, held, std::back_inserter(pages));
  const std::byte* now = local_;
  if (is_remote()) {  // one call for all is faster than one for each page
    scratch_.resize(size_);
    ASSAY_TRY(read(0, scratch_));
    now = scratch_.data();
  }
  std::size_t different = 0;
  for (const std::size_t page : pages) {
    const auto bytes = image.subspan(page * kPage, std::min(kPage, size_ - page * kPage));
    if (std::memcmp(now + page * kPage, bytes.data(), bytes.size()) == 0) continue;
    ASSAY_TRY(write(page * kPage, bytes));
    ++different;
  }
  return different;
}

}  // namespace assay::crash
