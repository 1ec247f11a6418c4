#include "reference/php/library/date_value.h"

#include <algorithm>

#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

std::int64_t days_in(std::int64_t seconds) {
  return seconds / kSecondsOfDay - (seconds % kSecondsOfDay < 0 ? 1 : 0);
}

// Brings the microseconds into their range.
void carry(DateValue& date) {
  std::int64_t whole = date.microseconds / kMicroseconds;
  if (date.microseconds % kMicroseconds < 0) --whole;
  date.microseconds -= whole * kMicroseconds;
  date.seconds = bounded_seconds(date.seconds + whole);
}

}  // namespace

std::int64_t bounded(std::int64_t number) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  return std::clamp(number, -kMost, kMost);
}

std::int64_t bounded_seconds(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  return std::clamp(seconds, -kMost, kMost);
}

std::int64_t wall_seconds(const DateValue& date) {
  return date.seconds + offset_at(date.zone, date.seconds).seconds;
}

WallTime wall_of(const DateValue& date) {
  const std::int64_t seconds = wall_seconds(date);
  const std::int64_t days = days_in(seconds);
  const CivilDate civil = date_of(days);
  const std::int64_t of_day = seconds - days * kSecondsOfDay;
  return {civil.year,
          civil.month,
          civil.day,
          of_day / kSecondsOfHour,
          of_day % kSecondsOfHour / kSecondsOfMinute,
          of_day % kSecondsOfMinute,
          date.microseconds};
}

void set_wall(DateValue& date, const WallTime& wall) {
  set_wall(date, wall, offset_at(date.zone, date.seconds).is_summer ? Twice::first : Twice::second);
}

void set_wall(DateValue& date, const WallTime& wall, Twice twice) {
  const std::int64_t days = days_of(bounded(wall.year), bounded(wall.month), bounded(wall.day));
  const std::int64_t seconds =
      bounded(wall.hour) * kSecondsOfHour + bounded(wall.minute) * kSecondsOfMinute + bounded(wall.second);
  // Days of years that are bounded are few enough for this.
  date.seconds = bounded_seconds(utc_of(date.zone, bounded(days) * kSecondsOfDay + seconds, twice));
  date.microseconds = bounded(wall.microsecond);
  carry(date);
}

void shift(DateValue& date, const DateShift& by, Counted seconds) {
  const bool by_clock = seconds == Counted::by_clock && by.seconds != 0;
  if (by.years != 0 || by.months != 0 || by.days != 0 || by_clock) {
    WallTime wall = wall_of(date);
    wall.year += bounded(by.years);
    wall.month += bounded(by.months);
    wall.day += bounded(by.days);
    if (by_clock) wall.second += bounded(by.seconds);
    set_wall(date, wall);
  }
  if (!by_clock) date.seconds = bounded_seconds(date.seconds + bounded_seconds(by.seconds));
  date.microseconds += bounded(by.microseconds);
  carry(date);
}

}  // namespace assay::reference::php
