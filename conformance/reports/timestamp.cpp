#include "conformance/reports/timestamp.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <ctime>

namespace assay::conformance {

std::string utc_timestamp(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(since / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, since % 1000);
}

std::optional<std::chrono::system_clock::time_point> time_from_utc(const std::string& text) {
  std::tm parts{};
  int milliseconds = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds) != 7) {
    return std::nullopt;
  }
  // The clock counts nanoseconds from 1970 on, up to 2262.
  if (parts.tm_year < 1970 || parts.tm_year > 2261) return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const auto time = std::chrono::system_clock::from_time_t(timegm(&parts)) + std::chrono::milliseconds(milliseconds);
  // Whatever is not written exactly like this is refused: "2026-02-31", a missing zero, text behind it.
  if (utc_timestamp(time) != text) return std::nullopt;
  return time;
}

std::string duration_text(double seconds) {
  if (seconds < 99.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::lround(seconds);
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace assay::conformance
