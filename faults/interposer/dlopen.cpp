// PHP opens extensions with RTLD_DEEPBIND, which hides preloaded libraries from them: without this wrapper no lock call
// of opcache.so would be seen, silently.

#include "faults/interposer/interposer.h"
#include "faults/interposer/real.h"

namespace {
ASSAY_REAL(dlopen)
}

// The call stays a jump (-foptimize-sibling-calls), so that the C library still sees the real caller, whose search path
// counts for names without a slash.
ASSAY_EXPORT void* dlopen(const char* file, int mode) noexcept {
  if (assay::interposer::state.block != nullptr) mode &= ~RTLD_DEEPBIND;
  return real_dlopen()(file, mode);
}
