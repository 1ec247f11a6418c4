#include "reference/file_cache/file_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "faults/points/point.h"
#include "support/file_descriptor.h"

namespace assay::reference {
namespace {

using points::point;

// One system call at its point; interruptions are not seen outside (GU-LIV-04), endless ones are failures (GU-LIV-05).
template <class Call>
auto attempt(points::Name name, Call call) -> decltype(call()) {
  constexpr int kMostInterruptions = 1000;
  for (int i = 0;; ++i) {
    decltype(call()) result = -1;
    if (const int refused = point(name))
      errno = refused;
    else
      result = call();
    if (result >= 0 || errno != EINTR || i == kMostInterruptions) return result;
  }
}

// How many bytes came before the end or a failure (errno; 0 at the end).
std::size_t read_fully(points::Name name, int file, void* into, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t some =
        attempt(name, [&] { return ::read(file, static_cast<std::byte*>(into) + done, bytes - done); });
    if (some == 0) errno = 0;
    if (some <= 0) return done;
    done += static_cast<std::size_t>(some);
  }
  errno = 0;
  return done;
}

bool write_fully(int file, const std::vector<std::byte>& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t some =
        attempt("file_cache/write", [&] { return ::write(file, bytes.data() + done, bytes.size() - done); });
    if (some <= 0) return false;
    done += static_cast<std::size_t>(some);
  }
  return true;
}

// Gives a nameless file a name; fails where one is.
int link_to(const FileDescriptor& file, const std::string& place) {
  const std::string self = fmt::format("/proc/self/fd/{}", file.get());
  return attempt("file_cache/rename",
                 [&] { return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, place.c_str(), AT_SYMLINK_FOLLOW); });
}

std::string folder_of(const std::string& place) {
  return place.substr(0, place.rfind('/'));
}

}  // namespace

std::unique_ptr<FileCache> FileCache::open(const Settings& settings, const Log& log) {
  struct stat status {};
  const std::string& directory = settings.file_cache;
  const bool usable = directory.starts_with('/') && ::stat(directory.c_str(), &status) == 0 &&
                      S_ISDIR(status.st_mode) && ::access(directory.c_str(), R_OK | W_OK | X_OK) == 0;
  if (usable) return std::unique_ptr<FileCache>(new FileCache(settings, log));
  if (!directory.empty())
    log.write(LogLevel::warning,
              fmt::format("opcache.file_cache must be a full path of accessible directory: {}", directory));
  return nullptr;
}

std::string FileCache::place_of(const std::string& source_path) const {
  return fmt::format("{}/{}{}.bin", directory_, system_id(), source_path);
}

void FileCache::warn(const char* what, const std::string& place, int number) const {
  const int kept = errno;
  log_.write(LogLevel::warning, number == 0 ? fmt::format("{} '{}'", what, place)
                                            : fmt::format("{} '{}': {}", what, place, std::strerror(number)));
  errno = kept;
}

// ---- loading ----

std::unique_ptr<LoadedScript> FileCache::load(const std::string& source_path, const std::int64_t* timestamp) const {
  const std::string place = place_of(source_path);
  const FileDescriptor file(attempt(
      "file_cache/open", [&] { return ::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); }));
  if (!file.is_open()) {
    if (errno == ELOOP)
      refuse(place, Refusal::header);
    else if (errno != ENOENT && errno != ENOTDIR)
      warn("opcache cannot open file", place, errno);
    return nullptr;
  }
  auto loaded = read(file.get(), place, timestamp);
  if (loaded) return std::move(*loaded);
  refuse(place, loaded.error());
  return nullptr;
}

// Null where the system would not let it be read: that says nothing about the file.
tl::expected<std::unique_ptr<LoadedScript>, Refusal> FileCache::read(int file, const std::string& place,
                                                                     const std::int64_t* timestamp) const {
  struct stat status {};
  if (attempt("file_cache/stat", [&] { return ::fstat(file, &status); }) != 0) {
    warn("opcache cannot read from file", place, errno);
    return nullptr;
  }
  CacheFileHeader header;
  if (read_fully("file_cache/read/header", file, &header, sizeof header) < sizeof header) {
    if (errno == 0) return tl::unexpected(Refusal::short_header);
    warn("opcache cannot read from file", place, errno);
    return nullptr;
  }
  if (const auto refusal = refusal_of(header, static_cast<std::uint64_t>(status.st_size), timestamp))
    return tl::unexpected(*refusal);
  std::vector<std::byte> body(header.graph_bytes + header.pointers_bytes);
  if (read_fully("file_cache/read/body", file, body.data(), body.size()) < body.size()) {
    if (errno == 0) return tl::unexpected(Refusal::short_body);
    warn("opcache cannot read from file", place, errno);
    return nullptr;
  }
  auto image = ASSAY_TRY(from_file(header, body, checks_));
  auto loaded = std::make_unique<LoadedScript>();
  loaded->image = std::move(image);
  if (loaded->image.words.empty()) return tl::unexpected(Refusal::checksum);
  loaded->next_check = static_cast<std::int64_t>(loaded->image.words.back());
  loaded->script = restore(loaded->image);
  if (loaded->script == nullptr) return tl::unexpected(Refusal::checksum);
  return loaded;
}

void FileCache::refuse(const std::string& place, Refusal why) const {
  switch (why) {
    case Refusal::short_header:
      warn("opcache cannot read from file (info)", place, 0);
      break;
    case Refusal::header:
      warn("opcache cannot read from file (wrong header)", place, 0);
      break;
    case Refusal::system_id:
      warn("opcache cannot read from file (wrong \"system_id\")", place, 0);
      break;
    case Refusal::short_body:
      warn("opcache cannot read from file (mem)", place, 0);
      break;
    case Refusal::checksum:
      warn("corrupted file", place, 0);
      break;
    case Refusal::timestamp:
      break;
  }
  if (attempt("file_cache/unlink", [&] { return ::unlink(place.c_str()); }) != 0 && errno != ENOENT)
    warn("opcache cannot remove file", place, errno);
}

void FileCache::remove(const std::string& source_path) const {
  const std::string place = place_of(source_path);
  if (attempt("file_cache/unlink", [&] { return ::unlink(place.c_str()); }) != 0 && errno != ENOENT && errno != ENOTDIR)
    warn("opcache cannot remove file", place, errno);
}

// ---- storing ----

bool FileCache::make_folders(const std::string& place) const {
  for (std::size_t end = place.find('/', directory_.size() + 1); end != std::string::npos;
       end = place.find('/', end + 1)) {
    const std::string folder = place.substr(0, end);
    if (attempt("file_cache/mkdir", [&] { return ::mkdir(folder.c_str(), 0700); }) == 0 || errno == EEXIST) continue;
    warn("opcache cannot create directory for file", folder, errno);
    return false;
  }
  return true;
}

void FileCache::store(const std::string& source_path, CacheFileTimes times, const php::Script& script) const {
  const auto image = image_of(script);
  if (!image) return log_.write(LogLevel::warning, image.error().message);
  const std::string place = place_of(source_path);
  if (!make_folders(place)) return;
  const FileDescriptor file(attempt(
      "file_cache/create", [&] { return ::open(folder_of(place).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600); }));
  if (!file.is_open()) return warn("opcache cannot create file", place, errno);
  if (!write_fully(file.get(), to_file(*image, times))) return warn("opcache cannot write to file", place, errno);
  if (link_to(file, place) != 0 && errno != EEXIST) return warn("opcache cannot link file", place, errno);
  point("file_cache/renamed");
}

}  // namespace assay::reference
