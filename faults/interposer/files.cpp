// Opening, reading, writing, renaming, removing and flushing files, with the fortified names that distributions' builds
// call instead.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cstdarg>
#include <cstdio>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

extern "C" {
int __open_2(const char* path, int flags);
int __open64_2(const char* path, int flags);
int __openat_2(int folder, const char* path, int flags);
int __openat64_2(int folder, const char* path, int flags);
ssize_t __read_chk(int fd, void* buffer, size_t count, size_t room);
ssize_t __pread_chk(int fd, void* buffer, size_t count, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void* buffer, size_t count, off64_t offset, size_t room);
}

namespace {

using assay::interposer::fails;
using assay::interposer::Place;

ASSAY_REAL(open)
ASSAY_REAL(open64)
ASSAY_REAL(openat)
ASSAY_REAL(openat64)
ASSAY_REAL(creat)
ASSAY_REAL(creat64)
ASSAY_REAL(__open_2)
ASSAY_REAL(__open64_2)
ASSAY_REAL(__openat_2)
ASSAY_REAL(__openat64_2)
ASSAY_REAL(fopen)
ASSAY_REAL(fopen64)
ASSAY_REAL(close)
ASSAY_REAL(read)
ASSAY_REAL(__read_chk)
ASSAY_REAL(pread)
ASSAY_REAL(pread64)
ASSAY_REAL(__pread_chk)
ASSAY_REAL(__pread64_chk)
ASSAY_REAL(write)
ASSAY_REAL(pwrite)
ASSAY_REAL(pwrite64)
ASSAY_REAL(writev)
ASSAY_REAL(ftruncate)
ASSAY_REAL(ftruncate64)
ASSAY_REAL(rename)
ASSAY_REAL(renameat)
ASSAY_REAL(unlink)
ASSAY_REAL(unlinkat)
ASSAY_REAL(mkdir)
ASSAY_REAL(fsync)
ASSAY_REAL(fdatasync)

bool has_mode(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

}  // namespace

// The mode is an argument only where a file may be created.
#define ASSAY_MODE(flags)             \
  mode_t mode = 0;                    \
  if (has_mode(flags)) {              \
    va_list arguments;                \
    va_start(arguments, flags);       \
    mode = va_arg(arguments, mode_t); \
    va_end(arguments);                \
  }

ASSAY_EXPORT int open(const char* path, int flags, ...) {
  ASSAY_MODE(flags)
  return fails(Place::open) ? -1 : real_open()(path, flags, mode);
}

ASSAY_EXPORT int open64(const char* path, int flags, ...) {
  ASSAY_MODE(flags)
  return fails(Place::open) ? -1 : real_open64()(path, flags, mode);
}

ASSAY_EXPORT int openat(int folder, const char* path, int flags, ...) {
  ASSAY_MODE(flags)
  return fails(Place::open) ? -1 : real_openat()(folder, path, flags, mode);
}

ASSAY_EXPORT int openat64(int folder, const char* path, int flags, ...) {
  ASSAY_MODE(flags)
  return fails(Place::open) ? -1 : real_openat64()(folder, path, flags, mode);
}

ASSAY_EXPORT int creat(const char* path, mode_t mode) {
  return fails(Place::open) ? -1 : real_creat()(path, mode);
}

ASSAY_EXPORT int creat64(const char* path, mode_t mode) {
  return fails(Place::open) ? -1 : real_creat64()(path, mode);
}

ASSAY_EXPORT int __open_2(const char* path, int flags) {
  return fails(Place::open) ? -1 : real___open_2()(path, flags);
}

ASSAY_EXPORT int __open64_2(const char* path, int flags) {
  return fails(Place::open) ? -1 : real___open64_2()(path, flags);
}

ASSAY_EXPORT int __openat_2(int folder, const char* path, int flags) {
  return fails(Place::open) ? -1 : real___openat_2()(folder, path, flags);
}

ASSAY_EXPORT int __openat64_2(int folder, const char* path, int flags) {
  return fails(Place::open) ? -1 : real___openat64_2()(folder, path, flags);
}

ASSAY_EXPORT FILE* fopen(const char* path, const char* mode) {
  return fails(Place::fopen) ? nullptr : real_fopen()(path, mode);
}

ASSAY_EXPORT FILE* fopen64(const char* path, const char* mode) {
  return fails(Place::fopen) ? nullptr : real_fopen64()(path, mode);
}

ASSAY_EXPORT int close(int fd) {
  return fails(Place::close) ? -1 : real_close()(fd);
}

ASSAY_EXPORT ssize_t read(int fd, void* buffer, size_t count) {
  return fails(Place::read) ? -1 : real_read()(fd, buffer, count);
}

ASSAY_EXPORT ssize_t __read_chk(int fd, void* buffer, size_t count, size_t room) {
  return fails(Place::read) ? -1 : real___read_chk()(fd, buffer, count, room);
}

ASSAY_EXPORT ssize_t pread(int fd, void* buffer, size_t count, off_t offset) {
  return fails(Place::pread) ? -1 : real_pread()(fd, buffer, count, offset);
}

ASSAY_EXPORT ssize_t pread64(int fd, void* buffer, size_t count, off64_t offset) {
  return fails(Place::pread) ? -1 : real_pread64()(fd, buffer, count, offset);
}

ASSAY_EXPORT ssize_t __pread_chk(int fd, void* buffer, size_t count, off_t offset, size_t room) {
  return fails(Place::pread) ? -1 : real___pread_chk()(fd, buffer, count, offset, room);
}

ASSAY_EXPORT ssize_t __pread64_chk(int fd, void* buffer, size_t count, off64_t offset, size_t room) {
  return fails(Place::pread) ? -1 : real___pread64_chk()(fd, buffer, count, offset, room);
}

ASSAY_EXPORT ssize_t write(int fd, const void* buffer, size_t count) {
  return fails(Place::write) ? -1 : real_write()(fd, buffer, count);
}

ASSAY_EXPORT ssize_t pwrite(int fd, const void* buffer, size_t count, off_t offset) {
  return fails(Place::pwrite) ? -1 : real_pwrite()(fd, buffer, count, offset);
}

ASSAY_EXPORT ssize_t pwrite64(int fd, const void* buffer, size_t count, off64_t offset) {
  return fails(Place::pwrite) ? -1 : real_pwrite64()(fd, buffer, count, offset);
}

ASSAY_EXPORT ssize_t writev(int fd, const struct iovec* parts, int count) {
  return fails(Place::writev) ? -1 : real_writev()(fd, parts, count);
}

ASSAY_EXPORT int ftruncate(int fd, off_t length) noexcept {
  return fails(Place::ftruncate) ? -1 : real_ftruncate()(fd, length);
}

ASSAY_EXPORT int ftruncate64(int fd, off64_t length) noexcept {
  return fails(Place::ftruncate) ? -1 : real_ftruncate64()(fd, length);
}

ASSAY_EXPORT int rename(const char* from, const char* to) noexcept {
  return fails(Place::rename) ? -1 : real_rename()(from, to);
}

ASSAY_EXPORT int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return fails(Place::rename) ? -1 : real_renameat()(from_folder, from, to_folder, to);
}

ASSAY_EXPORT int unlink(const char* path) noexcept {
  return fails(Place::unlink) ? -1 : real_unlink()(path);
}

ASSAY_EXPORT int unlinkat(int folder, const char* path, int flags) noexcept {
  return fails(Place::unlink) ? -1 : real_unlinkat()(folder, path, flags);
}

ASSAY_EXPORT int mkdir(const char* path, mode_t mode) noexcept {
  return fails(Place::mkdir) ? -1 : real_mkdir()(path, mode);
}

ASSAY_EXPORT int fsync(int fd) {
  return fails(Place::fsync) ? -1 : real_fsync()(fd);
}

ASSAY_EXPORT int fdatasync(int fd) {
  return fails(Place::fdatasync) ? -1 : real_fdatasync()(fd);
}
