#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::reference::php {

// A time zone by its rule as it stands today; earlier rules are not known. Summer time begins and ends as in the European
// Union since 1996, or as in the United States since 2007, and there is none before.
struct TimeZone {
  enum class Rule : std::uint8_t { fixed, european, american };
  std::string name;  // as it was written
  Rule rule = Rule::fixed;
  int standard = 0;  // seconds east of Greenwich
  std::string standard_name;
  std::string summer_name;
  bool is_offset = false;  // known by the offset alone
};

// UTC, Z, an offset ("+02:00", "+0200", "+2"), Europe/Paris, Europe/Berlin, Asia/Tokyo, America/New_York. Nothing: it is
// none of these.
std::optional<TimeZone> find_time_zone(std::string_view name);

struct ZoneOffset {
  int seconds;
  bool is_summer;
};
ZoneOffset offset_at(const TimeZone& zone, std::int64_t utc);
std::string abbreviation_at(const TimeZone& zone, std::int64_t utc);

// Of a time on the zone's clocks, as seconds. One that they skip is an hour later. One that they show twice is the first,
// in summer time, or the second.
enum class Twice : std::uint8_t { first, second };
std::int64_t utc_of(const TimeZone& zone, std::int64_t wall, Twice twice);

// "+02:00", or with another separator.
std::string offset_text(int seconds, std::string_view separator);

}  // namespace assay::reference::php
