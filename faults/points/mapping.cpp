#include "faults/points/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "faults/points/point.h"

namespace assay::points {
namespace {

const std::atomic<std::uint32_t> idle_flag{0};
std::atomic<Layout*> attached_block{nullptr};

// Says what is wrong with a mapped file, or nothing.
const char* defect_of(const Layout& block) {
  if (block.magic.load(std::memory_order_acquire) != kMagic) return "is not a control file";
  if (block.version.load(std::memory_order_relaxed) != kVersion) return "is of another version of Assay";
  if (block.size.load(std::memory_order_relaxed) != sizeof(Layout)) return "has another layout (a different build)";
  return nullptr;
}

}  // namespace

namespace detail {
std::atomic<const std::atomic<std::uint32_t>*> armed_flag{&idle_flag};
}

Layout* map_control_file(const char* path, char* message, std::size_t message_size) {
  const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) {
    std::snprintf(message, message_size, "control file %s: cannot be opened: %s; create it first", path,
                  std::strerror(errno));
    return nullptr;
  }
  struct stat status = {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size != static_cast<off_t>(sizeof(Layout))) {
    std::snprintf(message, message_size,
                  "control file %s: has %lld bytes instead of %zu: truncated, or not a control file of this version; "
                  "create a new one",
                  path, static_cast<long long>(status.st_size), sizeof(Layout));
    close(fd);
    return nullptr;
  }
  void* memory = mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  const int error = errno;
  close(fd);
  if (memory == MAP_FAILED) {
    std::snprintf(message, message_size, "control file %s: cannot be mapped: %s", path, std::strerror(error));
    return nullptr;
  }
  auto* block = static_cast<Layout*>(memory);
  if (const char* defect = defect_of(*block)) {
    std::snprintf(message, message_size, "control file %s: %s; create a new one", path, defect);
    munmap(memory, sizeof(Layout));
    return nullptr;
  }
  return block;
}

void unmap_control_file(Layout* block) {
  if (block != nullptr) munmap(block, sizeof(Layout));
}

void attach(Layout* block) {
  // The flag last (first when taking away): a point that sees it finds the block.
  if (block == nullptr) detail::armed_flag.store(&idle_flag, std::memory_order_release);
  attached_block.store(block, std::memory_order_release);
  if (block != nullptr) detail::armed_flag.store(&block->armed, std::memory_order_release);
}

Layout* attached() {
  return attached_block.load(std::memory_order_acquire);
}

}  // namespace assay::points
