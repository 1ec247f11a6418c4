#include "conformance/reports/report_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/file_descriptor.h"
#include "support/proc/without_sigpipe.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

const char* advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there, or write the report to another disk";
    case EACCES:
    case EPERM:
      return "choose a folder that you may write to";
    case EROFS:
      return "the file system is read-only; choose another folder";
    case ENOENT:
    case ENOTDIR:
      return "make the folder first, or correct the path";
    case EISDIR:
      return "that is a folder; give the name of a file";
    case ENXIO:
      return "nobody reads from that pipe; start the reader first";
    case EPIPE:
      return "the reader closed the pipe; keep it open, or name a file";
    case EBADF:
      return "it is closed; open it, or name a file";
    case ETIMEDOUT:
      return "nobody reads from the pipe; start the reader, or name a file";
    case EFBIG:
      return "raise the limit of file sizes (ulimit -f)";
    default:
      return "give another path";
  }
}

tl::unexpected<Error> cannot_write(const fs::path& file, int error) {
  return failure(fmt::format("{}: cannot be written: {}; {}", file.string(), std::strerror(error), advice(error)));
}

// Waits for a reader that is slow, but not for ever.
bool wait_until_writable(int fd) {
  constexpr int patience_ms = 10'000;
  pollfd ready{fd, POLLOUT, 0};
  const int events = ::poll(&ready, 1, patience_ms);
  if (events == 0) errno = ETIMEDOUT;
  return events > 0 || (events < 0 && errno == EINTR);
}

bool write_all(int fd, std::string_view content) {
  const WithoutSigpipe quiet;
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_until_writable(fd)))) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Some file systems report a full disk only here.
bool close(FileDescriptor& descriptor) {
  return ::close(descriptor.release()) == 0;
}

mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

// Where a report really goes: behind a link, into a device, or under its name by way of a temporary one.
struct Place {
  explicit Place(const fs::path& file) : name(file), mode(usual_mode()) {
    struct stat there {};
    const bool exists = ::stat(file.c_str(), &there) == 0;
    if (file.filename().empty() || (exists && S_ISDIR(there.st_mode))) {
      error = EISDIR;
    } else if (exists && !S_ISREG(there.st_mode)) {
      direct = true;
    } else if (exists) {
      std::error_code ignored;
      name = fs::canonical(file, ignored);
      mode = there.st_mode & 07777;
    }
  }
  std::string temporary_pattern() const {
    return ((name.has_parent_path() ? name.parent_path() : fs::path(".")) / ".assay-XXXXXX").string();
  }

  fs::path name;
  mode_t mode;
  int error = 0;
  bool direct = false;
};

Expected<void> write_directly(const fs::path& file, std::string_view content) {
  // Without O_NONBLOCK a pipe that nobody reads from is waited for.
  FileDescriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!out.is_open() || !write_all(out.get(), content) || !close(out)) return cannot_write(file, errno);
  return {};
}

}  // namespace

Expected<void> write_to_descriptor(int descriptor, const std::string& name, std::string_view content) {
  if (!write_all(descriptor, content)) return cannot_write(name, errno);
  return {};
}

Expected<void> write_report_file(const fs::path& file, std::string_view content) {
  const Place place(file);
  if (place.error != 0) return cannot_write(file, place.error);
  if (place.direct) return write_directly(file, content);
  std::string temporary = place.temporary_pattern();
  FileDescriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.is_open()) return cannot_write(file, errno);
  const bool written = write_all(out.get(), content) && ::fchmod(out.get(), place.mode) == 0 &&
                       ::fsync(out.get()) == 0 && close(out) && ::rename(temporary.c_str(), place.name.c_str()) == 0;
  if (written) return {};
  const int error = errno;
  ::unlink(temporary.c_str());
  return cannot_write(file, error);
}

Expected<void> check_report_file(const fs::path& file) {
  const Place place(file);
  if (place.error != 0) return cannot_write(file, place.error);
  if (place.direct) return {};
  std::string temporary = place.temporary_pattern();
  FileDescriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.is_open()) return cannot_write(file, errno);
  ::unlink(temporary.c_str());
  return {};
}

}  // namespace assay::conformance
