#include "reference/log/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>

#include "faults/points/clock.h"
#include "faults/points/point.h"
#include "support/file_descriptor.h"

namespace assay::reference {
namespace {

using points::point;

std::string line_of(LogLevel level, std::string_view text) {
  static constexpr const char* kWords[] = {"Fatal Error", "Error", "Warning", "Message", "Debug"};
  const time_t now = static_cast<time_t>(points::realtime_ns() / 1'000'000'000);
  tm local{};
  ::localtime_r(&now, &local);
  char time[64];
  const std::size_t length = std::strftime(time, sizeof time, "%a %b %e %H:%M:%S %Y", &local);
  return fmt::format("{} ({}): {} {}\n", std::string_view(time, length), ::getpid(), kWords[static_cast<int>(level)],
                     text);
}

FileDescriptor open_log(const std::string& path) {
  if (path.empty() || point("log/open") != 0) return {};
  return FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
}

}  // namespace

void Log::write(LogLevel level, std::string_view text) const {
  if (static_cast<std::int64_t>(level) > verbosity_) return;
  const std::string line = line_of(level, text);
  const FileDescriptor file = open_log(path_);
  const int to = file.is_open() ? file.get() : STDERR_FILENO;
  if (point("log/write") == 0) [[maybe_unused]]
    const auto written = ::write(to, line.data(), line.size());
}

}  // namespace assay::reference
