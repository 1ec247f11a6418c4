#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>

namespace assay::conformance {

// A device that answers every write with "no space left", for one test; empty where there is none to be had. Never the
// machine's own /dev/full when that could be replaced: a broken writer that runs as root would do so.
inline std::filesystem::path full_device(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return ::access("/dev/full", W_OK) == 0 ? "/dev/full" : "";
  const std::filesystem::path own = folder / "full";
  if (::mknod(own.c_str(), S_IFCHR | 0600, makedev(1, 7)) != 0) return "";
  const int fd = ::open(own.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0 ? own : "";
}

}  // namespace assay::conformance
