// Loading: read the environment, map the control block, find the real functions, hear of forks.
//
//   ASSAY_CONTROL=FILE          the control file. Without it the library does nothing at all.
//   ASSAY_DIE_WITH_PARENT=1     a forked child dies with its parent
//   ASSAY_FREEZE_MONOTONIC=1    the virtual clock holds for CLOCK_MONOTONIC in this process too, not only in children
//   ASSAY_WORKER=N              this process is worker N (for programs that serve alone, such as php-cli)

#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"
#include "faults/points/mapping.h"
#include "faults/points/worker.h"

extern "C" assay::interposer::RealFunction* const __start_assay_real[] __attribute__((visibility("hidden")));
extern "C" assay::interposer::RealFunction* const __stop_assay_real[] __attribute__((visibility("hidden")));

namespace assay::interposer {

constinit State state;

namespace {

constexpr int kTargetCannotStart = 69;

constexpr points::Name kNames[kPlaces] = {
#define ASSAY_PLACE(identifier, name) points::Name(name),
#include "faults/interposer/places.def"
#undef ASSAY_PLACE
};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && std::strcmp(value, "1") == 0;
}

// A program under a control block that cannot be used must not run on as if no fault had been planned.
[[noreturn]] void refuse(const char* message) {
  const char prefix[] = "assay interposer: ";
  [[maybe_unused]] ssize_t ignored = write(STDERR_FILENO, prefix, sizeof prefix - 1);
  ignored = write(STDERR_FILENO, message, std::strlen(message));
  ignored = write(STDERR_FILENO, "\n", 1);
  _exit(kTargetCannotStart);
}

// Whether the kernel could give huge pages; then mappings are refused as by a kernel that has none, because tools that
// protect single pages of a segment do not work there. Where it has none, it refuses by itself.
bool machine_has_huge_pages() {
  for (const char* file : {"/proc/sys/vm/nr_hugepages", "/proc/sys/vm/nr_overcommit_hugepages"}) {
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    char first = '0';
    const bool some = read(fd, &first, 1) == 1 && first != '0';
    close(fd);
    if (some) return true;
  }
  return false;
}

// Asked only where it is needed: without a plan the program's system calls stay what they were.
void before_fork() {
  if (state.die_with_parent) state.parent = static_cast<std::int32_t>(syscall(SYS_getpid));
}

void after_fork_in_child() {
  state.forked = true;
  renew_parent_death_signal();
}

__attribute__((constructor(101))) void load() {
  resolve_real_functions();
  const char* path = std::getenv("ASSAY_CONTROL");
  if (path == nullptr || *path == '\0') return;
  state.die_with_parent = is_set("ASSAY_DIE_WITH_PARENT");
  state.freeze_monotonic = is_set("ASSAY_FREEZE_MONOTONIC");
  state.refuse_huge_pages = machine_has_huge_pages();
  char message[512];
  points::Layout* block = points::map_control_file(path, message, sizeof message);
  if (block == nullptr) refuse(message);
  for (std::uint32_t i = 0; i < kPlaces; ++i) state.entries[i] = points::find_entry(*block, kNames[i].hash);
  pthread_atfork(before_fork, nullptr, after_fork_in_child);
  points::attach(block);
  if (const char* worker = std::getenv("ASSAY_WORKER")) points::set_worker(std::atoi(worker));
  state.block = block;
}

}  // namespace

const char* name_of(Place place) {
  return kNames[static_cast<std::uint32_t>(place)].text;
}

void resolve_real_functions() {
  for (auto* record = __start_assay_real; record != __stop_assay_real; ++record) (*record)->get();
}

void renew_parent_death_signal() {
  if (!state.forked || !state.die_with_parent) return;
  const int saved = errno;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may be gone already: then nobody sends the signal.
  if (syscall(SYS_getppid) != state.parent) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  errno = saved;
}

}  // namespace assay::interposer
