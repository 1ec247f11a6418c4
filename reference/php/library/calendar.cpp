#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

constexpr std::int64_t kDaysInEra = 146097;  // of 400 years
constexpr std::int64_t kYearsInEra = 400;

std::int64_t floor_divide(std::int64_t number, std::int64_t by) {
  return number / by - (number % by < 0 ? 1 : 0);
}

// With March as the first month, the day that a leap year has more is the last.
std::int64_t days_before_year(std::int64_t year_of_era) {
  return year_of_era * 365 + year_of_era / 4 - year_of_era / 100;
}

}  // namespace

std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t all_months = year * kMonthsOfYear + month - 1 - 2;
  const std::int64_t from_march = floor_divide(all_months, kMonthsOfYear);
  const std::int64_t month_of_year = all_months - from_march * kMonthsOfYear;
  const std::int64_t era = floor_divide(from_march, kYearsInEra);
  const std::int64_t days = days_before_year(from_march - era * kYearsInEra) + (153 * month_of_year + 2) / 5;
  constexpr std::int64_t kEpoch = 719468;  // 1970-01-01 from 0000-03-01
  return era * kDaysInEra + days + day - 1 - kEpoch;
}

CivilDate date_of(std::int64_t days) {
  const std::int64_t from_march = days + 719468;
  const std::int64_t era = floor_divide(from_march, kDaysInEra);
  const std::int64_t day_of_era = from_march - era * kDaysInEra;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - days_before_year(year_of_era);
  const std::int64_t month_of_year = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_of_year + 2) / 5 + 1);
  const int month = static_cast<int>(month_of_year < 10 ? month_of_year + 3 : month_of_year - 9);
  return {year_of_era + era * kYearsInEra + (month <= 2 ? 1 : 0), month, day};
}

bool is_leap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(std::int64_t year, int month) {
  return static_cast<int>(days_of(year, month + 1, 1) - days_of(year, month, 1));
}

int weekday_of(std::int64_t days) {
  const std::int64_t from_thursday = days - floor_divide(days, 7) * 7;
  return static_cast<int>((from_thursday + 4) % 7);
}

// A week belongs to the year of its Thursday.
WeekDate week_of(std::int64_t days) {
  const int from_monday = (weekday_of(days) + 6) % 7;
  const std::int64_t thursday = days - from_monday + 3;
  const std::int64_t year = date_of(thursday).year;
  return {year, static_cast<int>((thursday - days_of(year, 1, 1)) / 7 + 1)};
}

}  // namespace assay::reference::php
