#include "support/proc/cpu_pin.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace assay {
namespace {

// An abstract name: nothing is left behind, however the process ends.
int claim(int processor) {
  const std::string name = "assay-processor-" + std::to_string(processor);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), length) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

// The one where the thread is now first: its caches are warm.
std::vector<int> candidates(const cpu_set_t& allowed, int nearest) {
  std::vector<int> all = {nearest};
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (i != nearest && CPU_ISSET(static_cast<std::size_t>(i), &allowed)) all.push_back(i);
  }
  return all;
}

// Of a process, or of the calling thread (0).
bool pin(pid_t process, int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  return ::sched_setaffinity(process, sizeof one, &one) == 0;
}

// -1 where it cannot be asked or is beyond what a cpu_set_t holds.
int here() {
  const int processor = ::sched_getcpu();
  return processor < CPU_SETSIZE ? processor : -1;
}

}  // namespace

CpuPin::CpuPin() {
  const int nearest = here();
  if (nearest < 0 || ::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  int chosen = nearest;
  for (const int processor : candidates(before_, nearest)) {
    claim_ = claim(processor);
    if (claim_ < 0) continue;
    chosen = processor;
    break;
  }
  if (pin(0, chosen)) number_ = chosen;
}

CpuPin::CpuPin(pid_t process) {
  const int nearest = here();
  if (nearest < 0 || ::sched_getaffinity(0, sizeof before_, &before_) != 0 ||
      ::sched_getaffinity(process, sizeof of_process_, &of_process_) != 0 || !pin(0, nearest))
    return;
  number_ = nearest;
  if (pin(process, nearest)) process_ = process;
}

CpuPin::~CpuPin() {
  if (number_ >= 0) ::sched_setaffinity(0, sizeof before_, &before_);
  if (process_ > 0) ::sched_setaffinity(process_, sizeof of_process_, &of_process_);
  if (claim_ >= 0) ::close(claim_);
}

}  // namespace assay
