// What the C++ library and the headers of a machine with a newer glibc ask of it, for what is linked against an older one (ASSAY_LIBC).
// The linker names what is missing here; nothing of it is seen from outside.
#include <stdarg.h>
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

// glibc 2.38: what strtol() and its like are called by who was compiled for C23, where "0b1" is a number as well.
#define OF_C23(type, name)                                                         \
  extern type older_##name(const char* text, char** end, int base) __asm__(#name); \
  HIDDEN type __isoc23_##name(const char* text, char** end, int base) {            \
    return older_##name(text, end, base);                                          \
  }
OF_C23(long, strtol)
OF_C23(long long, strtoll)
OF_C23(unsigned long, strtoul)
OF_C23(unsigned long long, strtoull)

extern int older_vsscanf(const char* text, const char* format, va_list arguments) __asm__("__isoc99_vsscanf");
HIDDEN int __isoc23_sscanf(const char* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int read = older_vsscanf(text, format, arguments);
  va_end(arguments);
  return read;
}
