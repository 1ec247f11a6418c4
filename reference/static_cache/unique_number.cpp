#include "reference/static_cache/unique_number.h"

#include <sys/types.h>

#include <random>

#include "reference/lock/process_identity.h"

namespace assay::reference {

// A thread counts on from a number that it drew. A forked child draws its own.
std::uint64_t unique_number() {
  thread_local pid_t drawn_in = 0;
  thread_local std::uint64_t next = 0;
  if (const pid_t here = this_process(); drawn_in != here) {
    std::random_device random;
    next = std::uint64_t{random()} << 32 | random();
    drawn_in = here;
  }
  return next++;
}

}  // namespace assay::reference
