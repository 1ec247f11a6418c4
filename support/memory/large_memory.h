#pragma once

#include <cstdlib>  // defines __GLIBC__ where it is that library

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace assay {

// Has malloc() keep what is freed: values that fill caches have some MiB each, and given back to the system each time they
// would cost a page fault for each 4 KiB, more than all else that is done with them. Of this process and those that it forks.
inline void keep_large_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

// Gives back what is kept and in no use: before a fork, since each child would get the tables of those pages, and whoever
// touches one of them later a fault and a copy.
inline void give_free_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace assay
