#include "conformance/program/assay_main.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

// Values that fill caches have some MiB each. Given back to the system each time, they would cost a page fault for each
// 4 KiB, more than all else that is done with them.
void keep_large_memory() {
#ifdef M_MMAP_THRESHOLD
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_large_memory();
  return assay::conformance::assay_main(argc, argv);
}
