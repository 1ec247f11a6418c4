#include "reference/segment/segment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "faults/points/point.h"

namespace assay::reference {
namespace {

tl::unexpected<Error> refused(std::string_view primitive, std::size_t bytes, int code) {
  return failure(
      fmt::format("cannot create a shared segment of {} bytes: {} failed: {} ({}); lower the configured size", bytes,
                  primitive, std::strerror(code), code),
      code);
}

using points::point;

Expected<std::byte*> map_shared(points::Name place, std::size_t bytes, int flags, int descriptor) {
  if (const int code = point(place)) return refused("mmap", bytes, code);
  void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | flags, descriptor, 0);
  if (address == MAP_FAILED) return refused("mmap", bytes, errno);
  return static_cast<std::byte*>(address);
}

// A piece of System V memory at an address that is kept for it; `total` is for the message.
Expected<void> attach_piece(std::byte* place, std::size_t bytes, std::size_t total) {
  if (const int code = point("segment/map/shmget")) return refused("shmget", total, code);
  const int id = ::shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
  if (id < 0) return refused("shmget", total, errno);
  const int injected = point("segment/map/shmat");
  const bool is_attached = injected == 0 && ::shmat(id, place, SHM_REMAP) == place;
  const int attach_error = injected != 0 ? injected : errno;
  // Marked for removal at once: the kernel frees it with its last mapping, also after a crash.
  ::shmctl(id, IPC_RMID, nullptr);
  if (!is_attached) return refused("shmat", total, attach_error);
  return {};
}

Expected<std::byte*> map_system_v(std::size_t bytes) {
  void* kept = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (kept == MAP_FAILED) return refused("mmap", bytes, errno);
  auto* place = static_cast<std::byte*>(kept);
  for (std::size_t at = 0; at < bytes; at += Segment::kLargestPiece) {
    const auto attached = attach_piece(place + at, std::min(Segment::kLargestPiece, bytes - at), bytes);
    if (attached) continue;
    ::munmap(kept, bytes);
    return tl::unexpected(attached.error());
  }
  return place;
}

// A file in memory gets its pages when they are touched: what can never be had must not look as if it could.
bool has_room(int descriptor, std::size_t bytes) {
  struct statvfs found {};
  return ::fstatvfs(descriptor, &found) != 0 || found.f_blocks == 0 || bytes / found.f_frsize <= found.f_bavail;
}

Expected<std::byte*> map_posix(std::size_t bytes) {
  if (const int code = point("segment/map/shm_open")) return refused("shm_open", bytes, code);
  const std::string name = fmt::format("/assay-{}", ::getpid());
  const int descriptor = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (descriptor < 0) return refused("shm_open", bytes, errno);
  ::shm_unlink(name.c_str());
  int code = point("segment/map/ftruncate");
  if (code == 0 && !has_room(descriptor, bytes)) code = ENOSPC;
  if (code == 0 && ::ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) code = errno;
  if (code != 0) {
    ::close(descriptor);
    return refused("ftruncate", bytes, code);
  }
  auto mapped = map_shared("segment/map/posix", bytes, 0, descriptor);
  ::close(descriptor);
  return mapped;
}

std::vector<MemoryModel> search_order(std::string_view preferred) {
  if (preferred == "mmap") return {MemoryModel::mmap};
  if (preferred == "shm" || preferred == "cgi") return {MemoryModel::system_v};
  if (preferred == "posix") return {MemoryModel::posix};
  return {MemoryModel::mmap, MemoryModel::system_v, MemoryModel::posix};
}

}  // namespace

std::string_view memory_model_name(MemoryModel model) {
  switch (model) {
    case MemoryModel::mmap:
      return "mmap";
    case MemoryModel::system_v:
      return "shm";
    case MemoryModel::posix:
      return "posix";
  }
  return "";
}

Expected<Segment> Segment::create_with(MemoryModel model, std::size_t bytes) {
  auto mapped = ASSAY_TRY(model == MemoryModel::mmap       ? map_shared("segment/map/mmap", bytes, MAP_ANONYMOUS, -1)
                          : model == MemoryModel::system_v ? map_system_v(bytes)
                                                           : map_posix(bytes));
  return Segment(mapped, bytes, model);
}

Expected<Segment> Segment::create(std::size_t bytes, std::string_view preferred_model) {
  Expected<Segment> last = failure("no memory model to try");
  for (const MemoryModel model : search_order(preferred_model)) {
    last = create_with(model, bytes);
    if (last) break;
  }
  return last;
}

Segment::Segment(Segment&& other) noexcept {
  *this = std::move(other);
}

Segment& Segment::operator=(Segment&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  model_ = other.model_;
  protection_ = std::move(other.protection_);
  return *this;
}

Expected<void> Segment::protect() {
  if (::mprotect(data_, size_, PROT_READ) != 0)
    return failure(fmt::format("cannot protect the memory of the cache: {} ({}); switch opcache.protect_memory off",
                               std::strerror(errno), errno),
                   errno);
  protection_ = std::make_unique<Protection>();
  return {};
}

void Segment::begin_writing() const {
  const std::lock_guard guard(protection_->changing);
  if (protection_->writers++ == 0) ::mprotect(data_, size_, PROT_READ | PROT_WRITE);
}

void Segment::end_writing() const {
  const std::lock_guard guard(protection_->changing);
  if (--protection_->writers == 0) ::mprotect(data_, size_, PROT_READ);
}

Segment::~Segment() {
  release();
}

void Segment::release() {
  if (data_ == nullptr) return;
  point("segment/unmap");
  ::munmap(data_, size_);  // each piece of System V memory, too
  data_ = nullptr;
}

}  // namespace assay::reference
