#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace assay::conformance {

// "2026-01-31T12:00:00.123Z": UTC, milliseconds, for machines and people alike.
std::string utc_timestamp(std::chrono::system_clock::time_point time);
// The inverse; nullopt for any other text.
std::optional<std::chrono::system_clock::time_point> time_from_utc(const std::string& text);

// "0.8 s", "12.3 s", "4 min 05 s".
std::string duration_text(double seconds);

}  // namespace assay::conformance
