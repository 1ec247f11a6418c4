#pragma once

#include <cstdint>

#include "reference/php/library/time_zone.h"

namespace assay::reference::php {

constexpr std::int64_t kSecondsOfDay = 86400;
constexpr std::int64_t kSecondsOfHour = 3600;
constexpr std::int64_t kSecondsOfMinute = 60;
constexpr std::int64_t kMicroseconds = 1000000;

// A moment, and the zone that shows it.
struct DateValue {
  std::int64_t seconds = 0;  // UTC, from 1970
  std::int64_t microseconds = 0;
  TimeZone zone;
};

// What the clocks and calendars of the zone show. Fields beyond their range go on in the next one.
struct WallTime {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t microsecond = 0;
};

// A distance: calendar fields are counted on the calendar of the zone.
struct DateShift {
  std::int64_t years = 0;
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t seconds = 0;
  std::int64_t microseconds = 0;
};

std::int64_t wall_seconds(const DateValue& date);  // as if the clock showed UTC
WallTime wall_of(const DateValue& date);
void set_wall(DateValue& date, const WallTime& wall, Twice twice);
// A time that the clocks show twice is taken to be in summer time if the date was.
void set_wall(DateValue& date, const WallTime& wall);
// By the zone's clock, or the calendar fields alone by it: then the seconds are those that pass.
enum class Counted : std::uint8_t { by_clock, as_passed };
void shift(DateValue& date, const DateShift& by, Counted seconds);

// Numbers of scripts, kept to what can be counted with.
std::int64_t bounded(std::int64_t number);
std::int64_t bounded_seconds(std::int64_t seconds);

}  // namespace assay::reference::php
