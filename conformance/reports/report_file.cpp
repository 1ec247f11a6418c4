#include "conformance/reports/report_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // Some file systems report a full disk only here.
  bool close() {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

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
    case EFBIG:
      return "raise the limit of file sizes (ulimit -f)";
    default:
      return "give another path";
  }
}

tl::unexpected<Error> cannot_write(const fs::path& file, int error) {
  return failure(fmt::format("{}: cannot be written: {}; {}", file.string(), std::strerror(error), advice(error)));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
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
  Descriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!out.valid() || !write_all(out.get(), content) || !out.close()) return cannot_write(file, errno);
  return {};
}

}  // namespace

Expected<void> write_report_file(const fs::path& file, std::string_view content) {
  const Place place(file);
  if (place.error != 0) return cannot_write(file, place.error);
  if (place.direct) return write_directly(file, content);
  std::string temporary = place.temporary_pattern();
  Descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.valid()) return cannot_write(file, errno);
  const bool written = write_all(out.get(), content) && ::fchmod(out.get(), place.mode) == 0 &&
                       ::fsync(out.get()) == 0 && out.close() && ::rename(temporary.c_str(), place.name.c_str()) == 0;
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
  Descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.valid()) return cannot_write(file, errno);
  ::unlink(temporary.c_str());
  return {};
}

Expected<std::string> read_report_file(const fs::path& file) {
  Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::vector<char> buffer(1 << 16);
  while (in.valid()) {
    const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) return content;
    if (n < 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return failure(fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
}

}  // namespace assay::conformance
