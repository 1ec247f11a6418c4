#include "reference/server/request_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "reference/server/worker.h"
#include "support/file_descriptor.h"

namespace assay::reference {

// The child registers before the parent goes on: until then what both run is covered by the parent's registration, from
// then on by its own, and at no time by none (GU-SYS-04, GU-VAL-06).
std::int64_t RequestFiles::fork() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
  FileDescriptor read_end(ends[0]), write_end(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    if (!scripts_.continue_in_child()) ::_exit(1);
    return 0;  // the end of the pipe says that it is done, as does a death
  }
  write_end.close();
  char nothing = 0;
  while (child > 0 && ::read(read_end.get(), &nothing, 1) < 0 && errno == EINTR) {
  }
  return child;
}

bool RequestFiles::vouches_for(const std::string& path) {
  return scripts_.settings().enable_file_override && worker_.is_cached(path).value_or(false);
}

}  // namespace assay::reference
