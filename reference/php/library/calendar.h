#pragma once

#include <cstdint>

// The Gregorian calendar, before its time as well, without zones. Not that of <chrono>, whose years end at 32767.
namespace assay::reference::php {

constexpr std::int64_t kMonthsOfYear = 12;

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
};

// Days from 1970-01-01. A month or day beyond the end of the year or month goes on in the next.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day);
CivilDate date_of(std::int64_t days);
bool is_leap(std::int64_t year);
int days_in_month(std::int64_t year, int month);
int weekday_of(std::int64_t days);  // 0: Sunday

struct WeekDate {
  std::int64_t year;
  int week;
};
WeekDate week_of(std::int64_t days);  // ISO 8601

}  // namespace assay::reference::php
