// What the C++ library of a machine with a newer glibc asks of it, for programs that are linked against an older one (ASSAY_LIBC).
// The linker names what is missing here; nothing of it is seen outside of the program.
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

// glibc 2.32: not zero where a process is known to have one thread, so that counters need no atomic instructions.
HIDDEN char __libc_single_threaded = 0;

// glibc 2.36; for std::random_device.
HIDDEN uint32_t arc4random(void) {
  uint32_t value;
  if (getentropy(&value, sizeof value) != 0) abort();
  return value;
}
