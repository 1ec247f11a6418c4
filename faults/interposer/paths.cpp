// Asking about files and paths: the stat family, readlink, realpath. Calls that the C library makes inside itself (the
// lstat and readlink of realpath()) do not pass here.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

extern "C" {
int __xstat(int version, const char* path, struct stat* out);
int __xstat64(int version, const char* path, struct stat64* out);
int __lxstat(int version, const char* path, struct stat* out);
int __lxstat64(int version, const char* path, struct stat64* out);
int __fxstat(int version, int fd, struct stat* out);
int __fxstat64(int version, int fd, struct stat64* out);
int __fxstatat(int version, int folder, const char* path, struct stat* out, int flags);
int __fxstatat64(int version, int folder, const char* path, struct stat64* out, int flags);
ssize_t __readlink_chk(const char* path, char* buffer, size_t count, size_t room);
ssize_t __readlinkat_chk(int folder, const char* path, char* buffer, size_t count, size_t room);
char* __realpath_chk(const char* path, char* resolved, size_t room);
}

namespace {

using assay::interposer::fails;
using assay::interposer::Place;

// Before glibc 2.33 there is no stat() to find: a program calls __xstat(), with the version of the structure.
#if defined(__x86_64__)
constexpr int kStatVersion = 1;
#else
constexpr int kStatVersion = 0;
#endif
#define ASSAY_REAL_STAT(function, older)                                                 \
  ASSAY_REAL(function)                                                                   \
  ASSAY_REAL(older)                                                                      \
  template <typename... Arguments>                                                       \
  int call_##function(Arguments... arguments) {                                          \
    if (const auto real = real_##function(); real != nullptr) return real(arguments...); \
    return real_##older()(kStatVersion, arguments...);                                   \
  }
ASSAY_REAL_STAT(stat, __xstat)
ASSAY_REAL_STAT(stat64, __xstat64)
ASSAY_REAL_STAT(lstat, __lxstat)
ASSAY_REAL_STAT(lstat64, __lxstat64)
ASSAY_REAL_STAT(fstat, __fxstat)
ASSAY_REAL_STAT(fstat64, __fxstat64)
ASSAY_REAL_STAT(fstatat, __fxstatat)
ASSAY_REAL_STAT(fstatat64, __fxstatat64)
#undef ASSAY_REAL_STAT

ASSAY_REAL(statx)
ASSAY_REAL(readlink)
ASSAY_REAL(readlinkat)
ASSAY_REAL(__readlink_chk)
ASSAY_REAL(__readlinkat_chk)
ASSAY_REAL(realpath)
ASSAY_REAL(__realpath_chk)

}  // namespace

ASSAY_EXPORT int stat(const char* path, struct stat* out) noexcept {
  return fails(Place::stat) ? -1 : call_stat(path, out);
}

ASSAY_EXPORT int stat64(const char* path, struct stat64* out) noexcept {
  return fails(Place::stat) ? -1 : call_stat64(path, out);
}

ASSAY_EXPORT int lstat(const char* path, struct stat* out) noexcept {
  return fails(Place::lstat) ? -1 : call_lstat(path, out);
}

ASSAY_EXPORT int lstat64(const char* path, struct stat64* out) noexcept {
  return fails(Place::lstat) ? -1 : call_lstat64(path, out);
}

ASSAY_EXPORT int fstat(int fd, struct stat* out) noexcept {
  return fails(Place::fstat) ? -1 : call_fstat(fd, out);
}

ASSAY_EXPORT int fstat64(int fd, struct stat64* out) noexcept {
  return fails(Place::fstat) ? -1 : call_fstat64(fd, out);
}

ASSAY_EXPORT int fstatat(int folder, const char* path, struct stat* out, int flags) noexcept {
  return fails(Place::fstatat) ? -1 : call_fstatat(folder, path, out, flags);
}

ASSAY_EXPORT int fstatat64(int folder, const char* path, struct stat64* out, int flags) noexcept {
  return fails(Place::fstatat) ? -1 : call_fstatat64(folder, path, out, flags);
}

ASSAY_EXPORT int statx(int folder, const char* path, int flags, unsigned int mask, struct statx* out) noexcept {
  return fails(Place::statx) ? -1 : real_statx()(folder, path, flags, mask, out);
}

// Programs built before glibc 2.33 call these; on 64-bit machines the structures are the same.
#if __SIZEOF_POINTER__ == 8
ASSAY_EXPORT int __xstat(int, const char* path, struct stat* out) {
  return stat(path, out);
}
ASSAY_EXPORT int __xstat64(int, const char* path, struct stat64* out) {
  return stat64(path, out);
}
ASSAY_EXPORT int __lxstat(int, const char* path, struct stat* out) {
  return lstat(path, out);
}
ASSAY_EXPORT int __lxstat64(int, const char* path, struct stat64* out) {
  return lstat64(path, out);
}
ASSAY_EXPORT int __fxstat(int, int fd, struct stat* out) {
  return fstat(fd, out);
}
ASSAY_EXPORT int __fxstat64(int, int fd, struct stat64* out) {
  return fstat64(fd, out);
}
ASSAY_EXPORT int __fxstatat(int, int folder, const char* path, struct stat* out, int flags) {
  return fstatat(folder, path, out, flags);
}
ASSAY_EXPORT int __fxstatat64(int, int folder, const char* path, struct stat64* out, int flags) {
  return fstatat64(folder, path, out, flags);
}
#endif

ASSAY_EXPORT ssize_t readlink(const char* path, char* buffer, size_t count) noexcept {
  return fails(Place::readlink) ? -1 : real_readlink()(path, buffer, count);
}

ASSAY_EXPORT ssize_t readlinkat(int folder, const char* path, char* buffer, size_t count) noexcept {
  return fails(Place::readlink) ? -1 : real_readlinkat()(folder, path, buffer, count);
}

ASSAY_EXPORT ssize_t __readlink_chk(const char* path, char* buffer, size_t count, size_t room) {
  return fails(Place::readlink) ? -1 : real___readlink_chk()(path, buffer, count, room);
}

ASSAY_EXPORT ssize_t __readlinkat_chk(int folder, const char* path, char* buffer, size_t count, size_t room) {
  return fails(Place::readlink) ? -1 : real___readlinkat_chk()(folder, path, buffer, count, room);
}

ASSAY_EXPORT char* realpath(const char* path, char* resolved) noexcept {
  return fails(Place::realpath) ? nullptr : real_realpath()(path, resolved);
}

ASSAY_EXPORT char* __realpath_chk(const char* path, char* resolved, size_t room) {
  return fails(Place::realpath) ? nullptr : real___realpath_chk()(path, resolved, room);
}
