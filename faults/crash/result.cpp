#include "faults/crash/result.h"

#include <cerrno>
#include <cstring>

namespace assay::crash {

std::string with_errno(const std::string& text) {
  return text + ": " + std::strerror(errno);
}

}  // namespace assay::crash
