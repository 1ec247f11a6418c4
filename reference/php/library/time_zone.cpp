#include "reference/php/library/time_zone.h"

#include <cstdio>
#include <cstdlib>

#include "reference/php/compiler/text.h"
#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

constexpr int kHour = 3600;
constexpr int kMinute = 60;
constexpr std::int64_t kDaySeconds = 86400;

struct KnownZone {
  std::string_view name;
  TimeZone::Rule rule;
  int hours;
  std::string_view standard_name;
  std::string_view summer_name;
};
constexpr KnownZone kKnownZones[] = {
    {"utc", TimeZone::Rule::fixed, 0, "UTC", "UTC"},
    {"europe/paris", TimeZone::Rule::european, 1, "CET", "CEST"},
    {"europe/berlin", TimeZone::Rule::european, 1, "CET", "CEST"},
    {"asia/tokyo", TimeZone::Rule::fixed, 9, "JST", "JST"},
    {"america/new_york", TimeZone::Rule::american, -5, "EST", "EDT"},
};

bool is_decimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "+H", "+HH", "+HHMM", "+HH:MM".
std::optional<int> offset_of(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits(text.substr(1));
  if (const std::size_t colon = digits.find(':'); colon != std::string::npos) {
    if (colon == 1) digits.insert(0, "0");
    digits.erase(digits.find(':'), 1);
    if (digits.size() != 4) return std::nullopt;
  }
  if (!is_decimal(digits) || digits.size() > 4 || digits.size() == 3) return std::nullopt;
  const int number = std::atoi(digits.c_str());
  const int seconds = digits.size() <= 2 ? number * kHour : number / 100 * kHour + number % 100 * kMinute;
  return text[0] == '-' ? -seconds : seconds;
}

// The first Sunday on or after the day.
std::int64_t sunday_from(std::int64_t year, int month, int day) {
  const std::int64_t days = days_of(year, month, day);
  return days + (7 - weekday_of(days)) % 7;
}

bool is_summer(const TimeZone& zone, std::int64_t utc) {
  const std::int64_t days = utc / kDaySeconds - (utc % kDaySeconds < 0 ? 1 : 0);
  const std::int64_t year = date_of(days).year;
  if (zone.rule == TimeZone::Rule::european) {
    const std::int64_t begin = sunday_from(year, 3, 25) * kDaySeconds + kHour;
    const std::int64_t end = sunday_from(year, 10, 25) * kDaySeconds + kHour;
    return year >= 1996 && utc >= begin && utc < end;
  }
  const std::int64_t two_o_clock = 2 * kHour - zone.standard;
  const std::int64_t begin = sunday_from(year, 3, 8) * kDaySeconds + two_o_clock;
  const std::int64_t end = sunday_from(year, 11, 1) * kDaySeconds + two_o_clock - kHour;
  return year >= 2007 && utc >= begin && utc < end;
}

}  // namespace

std::optional<TimeZone> find_time_zone(std::string_view name) {
  if (name == "Z" || name == "z") return TimeZone{"Z", TimeZone::Rule::fixed, 0, "Z", "Z", false};
  if (const auto offset = offset_of(name)) {
    const std::string shown = "GMT" + offset_text(*offset, "");
    return TimeZone{offset_text(*offset, ":"), TimeZone::Rule::fixed, *offset, shown, shown, true};
  }
  const std::string sought = lower(name);
  for (const KnownZone& zone : kKnownZones) {
    if (sought != zone.name) continue;
    return TimeZone{sought == "utc" ? "UTC" : std::string(name),
                    zone.rule,
                    zone.hours * kHour,
                    std::string(zone.standard_name),
                    std::string(zone.summer_name),
                    false};
  }
  return std::nullopt;
}

ZoneOffset offset_at(const TimeZone& zone, std::int64_t utc) {
  const bool summer = zone.rule != TimeZone::Rule::fixed && is_summer(zone, utc);
  return {zone.standard + (summer ? kHour : 0), summer};
}

std::string abbreviation_at(const TimeZone& zone, std::int64_t utc) {
  return offset_at(zone, utc).is_summer ? zone.summer_name : zone.standard_name;
}

std::int64_t utc_of(const TimeZone& zone, std::int64_t wall, Twice twice) {
  const std::int64_t standard = wall - zone.standard;
  const std::int64_t summer = standard - kHour;
  const bool is_either = !offset_at(zone, standard).is_summer && offset_at(zone, summer).is_summer;
  if (is_either) return twice == Twice::first ? summer : standard;
  return offset_at(zone, summer).is_summer ? summer : standard;
}

std::string offset_text(int seconds, std::string_view separator) {
  const int minutes = std::abs(seconds) / kMinute;
  char text[32];
  std::snprintf(text, sizeof text, "%c%02d%.*s%02d", seconds < 0 ? '-' : '+', minutes / 60,
                static_cast<int>(separator.size()), separator.data(), minutes % 60);
  return text;
}

}  // namespace assay::reference::php
