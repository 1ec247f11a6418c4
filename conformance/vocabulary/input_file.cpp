#include "conformance/vocabulary/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "support/file_descriptor.h"

namespace assay::conformance {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20;
constexpr int patience_ms = 10'000;

// Empty where something can be read now, or the end.
std::string wait_for_bytes(int fd) {
  pollfd ready{fd, POLLIN, 0};
  int events = 0;
  while ((events = ::poll(&ready, 1, patience_ms)) < 0 && errno == EINTR) {
  }
  return events == 0 ? fmt::format("nothing came through this pipe for {} s", patience_ms / 1000) : "";
}

// What is wrong; empty: `content` is the whole file.
std::string read_all(int fd, std::string& content) {
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n == 0) return "";
    if (n > 0) {
      content.append(buffer.data(), static_cast<std::size_t>(n));
      if (content.size() > most_bytes) return fmt::format("it is larger than {} MiB", most_bytes >> 20);
    } else if (errno == EAGAIN) {
      if (std::string silent = wait_for_bytes(fd); !silent.empty()) return silent;
    } else if (errno != EINTR) {
      return std::strerror(errno);
    }
  }
}

std::string read_into(const std::filesystem::path& file, std::string& content) {
  // Without O_NONBLOCK a pipe that nobody writes to is waited for here.
  const FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!in.is_open()) return std::strerror(errno);
  struct stat status {};
  if (::fstat(in.get(), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "that is a folder";
  std::string error = read_all(in.get(), content);
  if (error.empty() && content.empty() && S_ISFIFO(status.st_mode)) return "that is a pipe to which nobody writes";
  return error;
}

}  // namespace

Expected<std::string> read_input_file(const std::filesystem::path& file, const std::string& advice) {
  std::string content;
  const std::string error = file.empty() ? "the name is empty" : read_into(file, content);
  if (error.empty()) return content;
  return failure(fmt::format("{}: cannot be read: {}{}{}", file.string(), error, advice.empty() ? "" : "; ", advice));
}

}  // namespace assay::conformance
