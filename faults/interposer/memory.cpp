// Mappings and shared memory.

#include <sys/mman.h>
#include <sys/shm.h>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {

using assay::interposer::fails;
using assay::interposer::Place;
using assay::interposer::state;

ASSAY_REAL(mmap)
ASSAY_REAL(mmap64)
ASSAY_REAL(munmap)
ASSAY_REAL(mprotect)
ASSAY_REAL(shm_open)
ASSAY_REAL(shm_unlink)
ASSAY_REAL(shmget)
ASSAY_REAL(shmat)

// Huge pages are refused as a kernel without any refuses them. Never satisfied with ordinary pages instead: the caller
// asks with MAP_FIXED and expects the refusal; a success would overlay its neighbour.
bool refused(int flags) {
  if (fails(Place::mmap)) return true;
  if ((flags & MAP_TYPE) != MAP_PRIVATE && fails(Place::mmap_shared)) return true;
  if (!state.refuse_huge_pages || (flags & MAP_HUGETLB) == 0) return false;
  errno = ENOMEM;
  return true;
}

}  // namespace

ASSAY_EXPORT void* mmap(void* address, size_t length, int protection, int flags, int fd, off_t offset) noexcept {
  return refused(flags) ? MAP_FAILED : real_mmap()(address, length, protection, flags, fd, offset);
}

ASSAY_EXPORT void* mmap64(void* address, size_t length, int protection, int flags, int fd, off64_t offset) noexcept {
  return refused(flags) ? MAP_FAILED : real_mmap64()(address, length, protection, flags, fd, offset);
}

ASSAY_EXPORT int munmap(void* address, size_t length) noexcept {
  return fails(Place::munmap) ? -1 : real_munmap()(address, length);
}

ASSAY_EXPORT int mprotect(void* address, size_t length, int protection) noexcept {
  return fails(Place::mprotect) ? -1 : real_mprotect()(address, length, protection);
}

ASSAY_EXPORT int shm_open(const char* name, int flags, mode_t mode) {
  return fails(Place::shm_open) ? -1 : real_shm_open()(name, flags, mode);
}

ASSAY_EXPORT int shm_unlink(const char* name) {
  return fails(Place::shm_unlink) ? -1 : real_shm_unlink()(name);
}

ASSAY_EXPORT int shmget(key_t key, size_t size, int flags) noexcept {
  return fails(Place::shmget) ? -1 : real_shmget()(key, size, flags);
}

ASSAY_EXPORT void* shmat(int id, const void* address, int flags) noexcept {
  return fails(Place::shmat) ? reinterpret_cast<void*>(-1) : real_shmat()(id, address, flags);
}
