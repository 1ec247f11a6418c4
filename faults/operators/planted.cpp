#include "faults/operators/planted.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace assay::planted {

namespace state {
constinit int chosen = 0;
constinit unsigned char* reached = nullptr;
constinit int noted = 0;
}  // namespace state

namespace {

void map_reached(const char* file) {
  const int descriptor = ::open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* table = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (table != MAP_FAILED) {
      state::reached = static_cast<unsigned char*>(table);
      state::noted = static_cast<int>(size);
    }
  }
  ::close(descriptor);
}

// Before all objects of other files, whose makers may be changed themselves.
__attribute__((constructor(101))) void read_at_start() {
  read_environment();
}

}  // namespace

void read_environment() {
  const char* change = std::getenv("ASSAY_PLANTED");
  state::chosen = change != nullptr ? std::atoi(change) : 0;
  const char* file = std::getenv("ASSAY_PLANTED_REACHED");
  state::reached = nullptr;
  if (file != nullptr) map_reached(file);
}

}  // namespace assay::planted
