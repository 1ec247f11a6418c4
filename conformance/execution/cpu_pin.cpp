#include "conformance/execution/cpu_pin.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace assay::conformance {
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
std::vector<int> candidates(const cpu_set_t& allowed, int here) {
  std::vector<int> all = {here};
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (i != here && CPU_ISSET(static_cast<std::size_t>(i), &allowed)) all.push_back(i);
  }
  return all;
}

}  // namespace

CpuPin::CpuPin() {
  const int here = ::sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE || ::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  int chosen = here;
  for (const int processor : candidates(before_, here)) {
    claim_ = claim(processor);
    if (claim_ < 0) continue;
    chosen = processor;
    break;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(chosen), &one);
  if (::sched_setaffinity(0, sizeof one, &one) == 0) number_ = chosen;
}

CpuPin::~CpuPin() {
  if (number_ >= 0) ::sched_setaffinity(0, sizeof before_, &before_);
  if (claim_ >= 0) ::close(claim_);
}

}  // namespace assay::conformance
