// Calls wrapped functions and says what came back. Usage:
//   probe list                 the points that it can visit
//   probe visit POINT          visits it once; prints "ok" or the errno
//   probe clock                the clocks, in this process and in a child
//   probe lock FD-CLOSING      closes every descriptor from 3 on first, then visits F_SETLKW
//   probe deepbind PLUGIN      locks through a library that was opened with RTLD_DEEPBIND
//   probe fork-wait            forks a child that waits for good, prints its pid, waits too
//   probe huge                 asks for huge pages
//   probe own-mutex            locks a mutex of this process alone
//   probe two-mutex-owners     a child waits for a mutex that this process has
// Works in the current folder, which is the test's. Output through raw system calls, so that it visits no point.

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

volatile size_t unknown_size = 4;  // hides sizes and flags from the compiler, so that fortified names are called
volatile int unknown_flags = O_RDWR;

void say(const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  syscall(SYS_write, STDOUT_FILENO, line, length);
}

// A descriptor of a small file, opened without the wrapper.
int raw_file() {
  const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0600));
  syscall(SYS_ftruncate, fd, 100);
  return fd;
}

int lock(int command, short type) {
  struct flock region = {};
  region.l_type = type;
  region.l_whence = SEEK_SET;
  return fcntl(raw_file(), command, &region);
}

int result_of_pointer(const void* pointer) {
  return pointer == nullptr ? -1 : 0;
}
int result_of_mapping(const void* pointer) {
  return pointer == MAP_FAILED ? -1 : 0;
}

void* map_raw() {
  return reinterpret_cast<void*>(
      syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

int read_some() {
  char buffer[16];
  return static_cast<int>(read(raw_file(), buffer, unknown_size)) < 0 ? -1 : 0;
}

int pread_some() {
  char buffer[16];
  return static_cast<int>(pread(raw_file(), buffer, unknown_size, 0)) < 0 ? -1 : 0;
}

int write_parts() {
  char text[] = "ab";
  const struct iovec part = {text, 2};
  return writev(raw_file(), &part, 1) < 0 ? -1 : 0;
}

int read_link() {
  syscall(SYS_symlinkat, "file", AT_FDCWD, "link");
  char buffer[64];
  return static_cast<int>(readlink("link", buffer, unknown_size)) < 0 ? -1 : 0;
}

int resolve() {
  raw_file();
  static char resolved[PATH_MAX];
  return result_of_pointer(realpath("file", resolved));
}

int make_segment() {
  const int id = shmget(IPC_PRIVATE, 4096, 0600);
  if (id < 0) return -1;
  return shmctl(id, IPC_RMID, nullptr);
}

int attach_segment() {
  const int id = static_cast<int>(syscall(SYS_shmget, IPC_PRIVATE, 4096, 0600));
  void* memory = shmat(id, nullptr, 0);
  const int saved = errno;
  shmctl(id, IPC_RMID, nullptr);
  errno = saved;
  return memory == reinterpret_cast<void*>(-1) ? -1 : 0;
}

int open_segment() {
  char name[64];
  snprintf(name, sizeof name, "/assay-probe-%ld", syscall(SYS_getpid));
  const int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
  if (fd < 0) return -1;
  return shm_unlink(name);
}

int unlink_segment() {
  char name[64];
  snprintf(name, sizeof name, "/dev/shm/assay-probe-%ld", syscall(SYS_getpid));
  syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CREAT, 0600));
  const int result = shm_unlink(name + 8);
  const int saved = errno;
  syscall(SYS_unlinkat, AT_FDCWD, name, 0);
  errno = saved;
  return result;
}

int fork_once() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0) return -1;
  return waitpid(child, nullptr, 0) == child ? 0 : -1;
}

int rename_file() {
  raw_file();
  return rename("file", "renamed");
}

int unlink_file() {
  raw_file();
  return unlink("file");
}

int stat_family(int which) {
  struct stat out;
  struct statx wide;
  raw_file();
  switch (which) {
    case 0:
      return stat("file", &out);
    case 1:
      return lstat("file", &out);
    case 2:
      return fstat(raw_file(), &out);
    case 3:
      return fstatat(AT_FDCWD, "file", &out, 0);
    default:
      return statx(AT_FDCWD, "file", 0, STATX_ALL, &wide);
  }
}

int open_file() {
  raw_file();
  const int fd = open("file", unknown_flags);
  return fd < 0 ? -1 : 0;
}

int clock_call(int which) {
  struct timespec now;
  struct timeval day;
  if (which == 0) return time(nullptr) == -1 ? -1 : 0;
  if (which == 1) return gettimeofday(&day, nullptr);
  return clock_gettime(CLOCK_REALTIME, &now);
}

pthread_mutex_t* shared_mutex() {
  void* memory = reinterpret_cast<void*>(
      syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  auto* mutex = static_cast<pthread_mutex_t*>(memory);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(mutex, &attributes);
  return mutex;
}

pthread_mutex_t* locked_mutex() {
  pthread_mutex_t* mutex = shared_mutex();
  pthread_mutex_lock(mutex);
  return mutex;
}

struct Visit {
  const char* point;
  int (*call)();
};

const Visit visits[] = {
    {"posix/lock/fcntl/setlkw", [] { return lock(F_SETLKW, F_RDLCK); }},
    {"posix/lock/fcntl/setlk", [] { return lock(F_SETLK, F_WRLCK); }},
    {"posix/lock/fcntl/unlock", [] { return lock(F_SETLK, F_UNLCK); }},
    {"posix/lock/fcntl/getlk", [] { return lock(F_GETLK, F_WRLCK); }},
    {"posix/lock/ofd/setlkw", [] { return lock(F_OFD_SETLKW, F_WRLCK); }},
    {"posix/lock/ofd/setlk", [] { return lock(F_OFD_SETLK, F_WRLCK); }},
    {"posix/lock/ofd/unlock", [] { return lock(F_OFD_SETLKW, F_UNLCK); }},
    {"posix/lock/ofd/getlk", [] { return lock(F_OFD_GETLK, F_WRLCK); }},
    {"posix/lock/flock", [] { return flock(raw_file(), LOCK_EX); }},
    {"posix/lock/mutex/lock", [] { return -pthread_mutex_lock(shared_mutex()); }},
    {"posix/lock/mutex/acquired", [] { return -pthread_mutex_trylock(shared_mutex()); }},
    {"posix/lock/mutex/unlock", [] { return -pthread_mutex_unlock(locked_mutex()); }},
    {"posix/io/fcntl", [] { return fcntl(0, F_GETFD); }},
    {"posix/mm/mmap",
     [] { return result_of_mapping(mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)); }},
    {"posix/mm/mmap/shared",
     [] { return result_of_mapping(mmap(nullptr, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0)); }},
    {"posix/mm/munmap", [] { return munmap(map_raw(), 4096); }},
    {"posix/mm/mprotect", [] { return mprotect(map_raw(), 4096, PROT_READ); }},
    {"posix/shm/shm_open", open_segment},
    {"posix/shm/shm_unlink", unlink_segment},
    {"posix/shm/shmget", make_segment},
    {"posix/shm/shmat", attach_segment},
    {"posix/io/oc/open", open_file},
    {"posix/io/oc/close", [] { return close(raw_file()); }},
    {"posix/io/oc/fopen", [] { return result_of_pointer(fopen("new", "w")); }},
    {"posix/io/rw/read", read_some},
    {"posix/io/rw/pread", pread_some},
    {"posix/io/rw/write", [] { return write(raw_file(), "a", 1) < 0 ? -1 : 0; }},
    {"posix/io/rw/pwrite", [] { return pwrite(raw_file(), "a", 1, 0) < 0 ? -1 : 0; }},
    {"posix/io/rw/writev", write_parts},
    {"posix/io/rw/ftruncate", [] { return ftruncate(raw_file(), 10); }},
    {"posix/io/dir/rename", rename_file},
    {"posix/io/dir/unlink", unlink_file},
    {"posix/io/dir/mkdir", [] { return mkdir("folder", 0700); }},
    {"posix/io/sync/fsync", [] { return fsync(raw_file()); }},
    {"posix/io/sync/fdatasync", [] { return fdatasync(raw_file()); }},
    {"posix/io/stat/stat", [] { return stat_family(0); }},
    {"posix/io/stat/lstat", [] { return stat_family(1); }},
    {"posix/io/stat/fstat", [] { return stat_family(2); }},
    {"posix/io/stat/fstatat", [] { return stat_family(3); }},
    {"posix/io/stat/statx", [] { return stat_family(4); }},
    {"posix/io/path/readlink", read_link},
    {"posix/io/path/realpath", resolve},
    {"posix/proc/fork", fork_once},
    {"posix/proc/kill", [] { return kill(static_cast<pid_t>(syscall(SYS_getpid)), 0); }},
    {"posix/time/time", [] { return clock_call(0); }},
    {"posix/time/gettimeofday", [] { return clock_call(1); }},
    {"posix/time/clock_gettime", [] { return clock_call(2); }},
};

int visit(const char* point) {
  for (const Visit& one : visits) {
    if (strcmp(one.point, point) != 0) continue;
    errno = 0;
    const int result = one.call();
    const int error = errno;
    if (result >= 0) {
      say("ok\n");
    } else {
      say("%d\n", error);
    }
    return 0;
  }
  return 64;
}

int list() {
  for (const Visit& one : visits) say("%s\n", one.point);
  return 0;
}

void say_clocks(const char* who) {
  struct timespec real, coarse, monotonic, raw, boot, utc, cpu;
  struct timeval day;
  clock_gettime(CLOCK_REALTIME, &real);
  clock_gettime(CLOCK_REALTIME_COARSE, &coarse);
  clock_gettime(CLOCK_MONOTONIC, &monotonic);
  clock_gettime(CLOCK_MONOTONIC_COARSE, &raw);
  clock_gettime(CLOCK_BOOTTIME, &boot);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  gettimeofday(&day, nullptr);
  timespec_get(&utc, TIME_UTC);
  say("%s %ld %ld %ld.%09ld %ld.%06ld %ld %ld %ld %ld\n", who, time(nullptr), coarse.tv_sec, real.tv_sec, real.tv_nsec,
      day.tv_sec, day.tv_usec, utc.tv_sec, monotonic.tv_sec, raw.tv_sec, boot.tv_sec);
  if (cpu.tv_sec > 100) say("cpu clock moved\n");
}

int clocks() {
  say_clocks("parent");
  const pid_t child = fork();
  if (child == 0) {
    say_clocks("child");
    _exit(0);
  }
  return waitpid(child, nullptr, 0) == child ? 0 : 1;
}

int lock_without_descriptors() {
  syscall(SYS_close_range, 3, ~0U, 0);
  return visit("posix/lock/fcntl/setlkw");
}

int deepbind(const char* plugin) {
  void* library = dlopen(plugin, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (library == nullptr) return 1;
  auto* plugin_lock = reinterpret_cast<int (*)(int)>(dlsym(library, "plugin_lock"));
  say("%d\n", plugin_lock(raw_file()));
  return 0;
}

int lock_own_mutex() {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const bool good = pthread_mutex_lock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0;
  say(good ? "ok\n" : "wrong\n");
  return 0;
}

// The child finds the mutex locked, and gets it when its parent gives it back a moment later.
int two_mutex_owners() {
  pthread_mutex_t* mutex = locked_mutex();
  const pid_t child = fork();
  if (child == 0) _exit(pthread_mutex_lock(mutex) == 0 ? 0 : 1);
  const struct timespec moment = {0, 100'000'000};
  syscall(SYS_nanosleep, &moment, nullptr);
  pthread_mutex_unlock(mutex);
  int status = 0;
  const bool good = waitpid(child, &status, 0) == child && status == 0;
  say(good ? "ok\n" : "wrong\n");
  return 0;
}

int fork_and_wait() {
  const pid_t child = fork();
  if (child == 0) {
    for (;;) syscall(SYS_pause);
  }
  say("%d\n", child);
  for (;;) syscall(SYS_pause);
}

int huge_pages() {
  void* memory = mmap(nullptr, 2 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
  say("%d\n", memory == MAP_FAILED ? errno : 0);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* command = argc > 1 ? argv[1] : "";
  if (strcmp(command, "list") == 0) return list();
  if (strcmp(command, "visit") == 0 && argc == 3) return visit(argv[2]);
  if (strcmp(command, "clock") == 0) return clocks();
  if (strcmp(command, "lock") == 0) return lock_without_descriptors();
  if (strcmp(command, "deepbind") == 0 && argc == 3) return deepbind(argv[2]);
  if (strcmp(command, "fork-wait") == 0) return fork_and_wait();
  if (strcmp(command, "huge") == 0) return huge_pages();
  if (strcmp(command, "own-mutex") == 0) return lock_own_mutex();
  if (strcmp(command, "two-mutex-owners") == 0) return two_mutex_owners();
  return 64;
}
