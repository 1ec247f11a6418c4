#include "reference/php/library/date_format.h"

#include <array>
#include <cstdarg>
#include <cstdio>

#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonthNames = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};

__attribute__((format(printf, 1, 2))) std::string printed(const char* format, ...) {
  std::array<char, 64> text{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return text.data();
}

std::string padded(std::int64_t number, int width) {
  return printed("%0*lld", width, static_cast<long long>(number));
}

std::string_view ordinal_suffix(std::int64_t day) {
  if (day / 10 == 1) return "th";
  return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

class Formatter {
 public:
  explicit Formatter(const DateValue& date)
      : date_(date),
        wall_(wall_of(date)),
        days_(days_of(wall_.year, wall_.month, wall_.day)),
        offset_(offset_at(date.zone, date.seconds)) {}

  std::string all(std::string_view format) const {
    std::string text;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] == '\\') {
        if (++i < format.size()) text += format[i];
      } else {
        text += one(format[i]);
      }
    }
    return text;
  }

 private:
  std::string one(char letter) const {
    if (letter == 'c') return padded(wall_.year, 4) + all("-m-d\\TH:i:sP");
    if (letter == 'r') return all("D, d M Y H:i:s O");
    if (letter == 'U') return std::to_string(date_.seconds);
    std::string text = of_day(letter);
    if (text.empty()) text = of_year(letter);
    if (text.empty()) text = of_clock(letter);
    if (text.empty()) text = of_zone(letter);
    return text.empty() ? std::string(1, letter) : text;
  }

  std::string of_day(char letter) const {
    const int weekday = weekday_of(days_);
    const std::string_view name = kWeekdays[static_cast<std::size_t>(weekday)];
    switch (letter) {
      case 'd':
        return padded(wall_.day, 2);
      case 'D':
        return std::string(name.substr(0, 3));
      case 'j':
        return std::to_string(wall_.day);
      case 'l':
        return std::string(name);
      case 'N':
        return std::to_string(weekday == 0 ? 7 : weekday);
      case 'w':
        return std::to_string(weekday);
      case 'S':
        return std::string(ordinal_suffix(wall_.day));
      case 'z':
        return std::to_string(days_ - days_of(wall_.year, 1, 1));
      case 'W':
        return padded(week_of(days_).week, 2);
      default:
        return "";
    }
  }

  std::string of_year(char letter) const {
    const std::string_view month = kMonthNames[static_cast<std::size_t>(wall_.month - 1)];
    switch (letter) {
      case 'm':
        return padded(wall_.month, 2);
      case 'n':
        return std::to_string(wall_.month);
      case 'F':
        return std::string(month);
      case 'M':
        return std::string(month.substr(0, 3));
      case 't':
        return std::to_string(days_in_month(wall_.year, static_cast<int>(wall_.month)));
      case 'L':
        return is_leap(wall_.year) ? "1" : "0";
      case 'o':
        return std::to_string(week_of(days_).year);
      case 'Y':
        return (wall_.year < 0 ? "-" : "") + padded(wall_.year < 0 ? -wall_.year : wall_.year, 4);
      case 'y':
        return padded(wall_.year % 100, 2);
      case 'x':
        return (wall_.year >= 10000 ? "+" : "") + of_year('Y');
      default:
        return "";
    }
  }

  std::string of_clock(char letter) const {
    const std::int64_t of_half = wall_.hour % 12 == 0 ? 12 : wall_.hour % 12;
    switch (letter) {
      case 'a':
        return wall_.hour < 12 ? "am" : "pm";
      case 'A':
        return wall_.hour < 12 ? "AM" : "PM";
      case 'g':
        return std::to_string(of_half);
      case 'G':
        return std::to_string(wall_.hour);
      case 'h':
        return padded(of_half, 2);
      case 'H':
        return padded(wall_.hour, 2);
      case 'i':
        return padded(wall_.minute, 2);
      case 's':
        return padded(wall_.second, 2);
      case 'u':
        return padded(wall_.microsecond, 6);
      case 'v':
        return padded(wall_.microsecond / 1000, 3);
      default:
        return "";
    }
  }

  std::string of_zone(char letter) const {
    switch (letter) {
      case 'e':
        return date_.zone.name;
      case 'I':
        return offset_.is_summer ? "1" : "0";
      case 'O':
        return offset_text(offset_.seconds, "");
      case 'P':
        return offset_text(offset_.seconds, ":");
      case 'p':
        return offset_.seconds == 0 ? "Z" : offset_text(offset_.seconds, ":");
      case 'T':
        return abbreviation_at(date_.zone, date_.seconds);
      case 'Z':
        return std::to_string(offset_.seconds);
      default:
        return "";
    }
  }

  const DateValue& date_;
  WallTime wall_;
  std::int64_t days_;
  ZoneOffset offset_;
};

}  // namespace

std::string format_date(const DateValue& date, std::string_view format) {
  return Formatter(date).all(format);
}

}  // namespace assay::reference::php
