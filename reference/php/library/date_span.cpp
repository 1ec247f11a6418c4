#include "reference/php/library/date_span.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <tuple>

#include "reference/php/compiler/text.h"
#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

struct Designator {
  char letter;
  std::int64_t DateSpan::*field;
  std::int64_t factor;
};
constexpr Designator kDateParts[] = {
    {'Y', &DateSpan::years, 1}, {'M', &DateSpan::months, 1}, {'W', &DateSpan::days, 7}, {'D', &DateSpan::days, 1}};
constexpr Designator kTimeParts[] = {
    {'H', &DateSpan::hours, 1}, {'M', &DateSpan::minutes, 1}, {'S', &DateSpan::seconds, 1}};

// Takes what stands before the end in the order of the designators. False: something else stands there, or nothing.
template <std::size_t kCount>
bool take_parts(std::string_view text, const Designator (&parts)[kCount], DateSpan& span) {
  if (text.empty()) return false;
  for (const Designator& part : parts) {
    const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t kMostDigits = 12;
    if (size == 0 || size > kMostDigits || size == text.size() || text[size] != part.letter) continue;
    span.*part.field += std::atoll(std::string(text.substr(0, size)).c_str()) * part.factor;
    text.remove_prefix(size + 1);
  }
  return text.empty();
}

// The days of the months that a difference runs through, so that its own are not negative: backwards from the later
// date, or, of an inverted one, forwards from the earlier.
void borrow_months(DateSpan& span, std::int64_t& months, const WallTime& earlier, const WallTime& later) {
  std::int64_t month =
      span.inverted ? earlier.year * kMonthsOfYear + earlier.month - 1 : later.year * kMonthsOfYear + later.month - 2;
  while (span.days < 0) {
    span.days += days_in_month(month / kMonthsOfYear, static_cast<int>(month % kMonthsOfYear) + 1);
    month += span.inverted ? 1 : -1;
    --months;
  }
}

void set_clock(DateSpan& span, std::int64_t seconds) {
  span.hours = seconds / kSecondsOfHour;
  span.minutes = seconds % kSecondsOfHour / kSecondsOfMinute;
  span.seconds = seconds % kSecondsOfMinute;
}

std::string in_digits(std::int64_t number, int width) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*lld", width, static_cast<long long>(number));
  return text.data();
}

std::string field_text(const DateSpan& span, char letter) {
  const auto number = [&](std::int64_t value, char padded) { return in_digits(value, letter == padded ? 2 : 1); };
  switch (letter) {
    case 'y':
    case 'Y':
      return number(span.years, 'Y');
    case 'm':
    case 'M':
      return number(span.months, 'M');
    case 'd':
    case 'D':
      return number(span.days, 'D');
    case 'h':
    case 'H':
      return number(span.hours, 'H');
    case 'i':
    case 'I':
      return number(span.minutes, 'I');
    case 's':
    case 'S':
      return number(span.seconds, 'S');
    case 'f':
      return in_digits(span.microseconds, 1);
    case 'F':
      return in_digits(span.microseconds, 6);
    case 'a':
      return span.all_days ? std::to_string(*span.all_days) : "(unknown)";
    case 'R':
      return span.inverted ? "-" : "+";
    case 'r':
      return span.inverted ? "-" : "";
    case '%':
      return "%";
    default:
      return std::string("%") + letter;
  }
}

}  // namespace

std::optional<DateSpan> read_span(std::string_view text) {
  if (text.size() < 2 || text[0] != 'P') return std::nullopt;
  DateSpan span;
  const std::size_t time = text.find('T');
  const std::string_view date = text.substr(1, time == std::string_view::npos ? time : time - 1);
  const bool has_time = time != std::string_view::npos;
  if (!date.empty() && !take_parts(date, kDateParts, span)) return std::nullopt;
  if (has_time && !take_parts(text.substr(time + 1), kTimeParts, span)) return std::nullopt;
  return span;
}

DateSpan difference(const DateValue& from, const DateValue& to) {
  DateSpan span;
  span.inverted = std::tie(from.seconds, from.microseconds) > std::tie(to.seconds, to.microseconds);
  const DateValue& first = span.inverted ? to : from;
  const DateValue& last = span.inverted ? from : to;
  const WallTime earlier = wall_of(first);
  const WallTime later = wall_of(last);
  const bool same_zone = equal_ignoring_case(first.zone.name, last.zone.name);
  const std::int64_t elapsed = last.seconds - first.seconds - (last.microseconds < first.microseconds ? 1 : 0);
  const std::int64_t by_clock = same_zone ? wall_seconds(last) - wall_seconds(first) : last.seconds - first.seconds;
  span.microseconds = (last.microseconds - first.microseconds + kMicroseconds) % kMicroseconds;
  const std::int64_t whole = by_clock - (last.microseconds < first.microseconds ? 1 : 0);
  span.all_days = whole / kSecondsOfDay;
  // The dates as they are shown, and what the clocks are apart beyond that.
  const std::int64_t date_days =
      days_of(later.year, later.month, later.day) - days_of(earlier.year, earlier.month, earlier.day);
  std::int64_t of_day = whole - date_days * kSecondsOfDay;
  std::int64_t months = (later.year - earlier.year) * 12 + later.month - earlier.month;
  span.days = later.day - earlier.day;
  while (of_day < 0) of_day += kSecondsOfDay, --span.days;
  while (of_day >= kSecondsOfDay) of_day -= kSecondsOfDay, ++span.days;
  borrow_months(span, months, earlier, later);
  // Within a day it is the clock of the world that counts. So it is where zones show the later one as the earlier.
  const bool within_day = (months == 0 && span.days == 0) || months < 0;
  if (within_day) span.days = 0;
  span.years = within_day ? 0 : months / 12;
  span.months = within_day ? 0 : months % 12;
  set_clock(span, within_day ? elapsed : of_day);
  return span;
}

DateShift shift_of(const DateSpan& span, bool backwards) {
  const std::int64_t sign = backwards != span.inverted ? -1 : 1;
  const std::int64_t seconds =
      bounded(span.hours) * kSecondsOfHour + bounded(span.minutes) * kSecondsOfMinute + bounded(span.seconds);
  return {sign * bounded(span.years), sign * bounded(span.months), sign * bounded(span.days), sign * seconds,
          sign * bounded(span.microseconds)};
}

std::string format_span(const DateSpan& span, std::string_view format) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
    } else if (++i < format.size()) {
      text += field_text(span, format[i]);
    }
  }
  return text;
}

}  // namespace assay::reference::php
