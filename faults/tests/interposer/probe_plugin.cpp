// What an extension of PHP is to the interposer: a shared library, opened with RTLD_DEEPBIND, that locks.

#include <fcntl.h>
#include <cerrno>

extern "C" __attribute__((visibility("default"))) int plugin_lock(int fd) {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return fcntl(fd, F_SETLKW, &lock) == 0 ? 0 : errno;
}
