#include "reference/php/library/date_text.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "reference/php/compiler/text.h"
#include "reference/php/library/calendar.h"

namespace assay::reference::php {
namespace {

bool is_digit_of_date(char byte) {
  return byte >= '0' && byte <= '9';
}
bool is_letter_of_date(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

struct Unit {
  std::string_view name;
  std::int64_t DateShift::*field;
  std::int64_t factor;
};
constexpr Unit kUnits[] = {
    {"year", &DateShift::years, 1},
    {"month", &DateShift::months, 1},
    {"fortnight", &DateShift::days, 14},
    {"week", &DateShift::days, 7},
    {"day", &DateShift::days, 1},
    {"hour", &DateShift::seconds, kSecondsOfHour},
    {"minute", &DateShift::seconds, kSecondsOfMinute},
    {"min", &DateShift::seconds, kSecondsOfMinute},
    {"second", &DateShift::seconds, 1},
    {"sec", &DateShift::seconds, 1},
};

const Unit* find_unit(std::string_view word) {
  std::string name = lower(word);
  if (name.size() > 1 && name.back() == 's') name.pop_back();
  const auto found =
      std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& unit) { return unit.name == name; });
  return found == std::end(kUnits) ? nullptr : found;
}

// Words that PHP knows as parts of a date.
bool is_word_of_php(std::string_view word) {
  static constexpr std::array<std::string_view, 31> kWords = {
      "first",    "last",      "next",      "previous", "this",     "of",       "front",  "back",
      "monday",   "tuesday",   "wednesday", "thursday", "friday",   "saturday", "sunday", "weekday",
      "weekdays", "january",   "february",  "march",    "april",    "may",      "june",   "july",
      "august",   "september", "october",   "november", "december", "am",       "pm"};
  const std::string name = lower(word);
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view each) {
    constexpr std::size_t kShort = 3;
    return name == each || (each.size() > kShort && name.size() == kShort && each.starts_with(name));
  });
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  tl::expected<DateText, DateTextError> read() {
    if (trim(text_, " \t").empty()) return result_;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const bool is_read = read_timestamp() || read_date() || read_time() || read_shift() || read_zone() || read_word();
      if (!is_read) return tl::unexpected(DateTextError{at_, is_beyond_});
    }
    return result_;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_blanks() {
    while (at_ < text_.size() && (peek() == ' ' || peek() == '\t' || peek() == ',')) ++at_;
  }
  std::size_t digits_from(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && is_digit_of_date(text_[end])) ++end;
    return end - from;
  }
  std::size_t letters_from(std::size_t from) const {
    std::size_t end = from;
    while (end < text_.size() && is_letter_of_date(text_[end])) ++end;
    return end - from;
  }
  std::int64_t number(std::size_t from, std::size_t size) const {
    constexpr std::size_t kMostDigits = 17;
    return std::atoll(std::string(text_.substr(from, std::min(size, kMostDigits))).c_str());
  }

  // Takes up to `most` digits from `at`; false where there are none.
  bool take_number(std::size_t& at, std::size_t most, std::int64_t& out) const {
    const std::size_t size = std::min(digits_from(at), most);
    if (size == 0) return false;
    out = number(at, size);
    at += size;
    return true;
  }
  bool take(std::size_t& at, char byte) const {
    if (at >= text_.size() || text_[at] != byte) return false;
    ++at;
    return true;
  }
  std::int64_t take_fraction(std::size_t& at) const {
    constexpr std::size_t kDigits = 6;
    std::string digits(text_.substr(at, digits_from(at)));
    at += digits.size();
    digits.resize(kDigits, '0');
    return std::atoll(digits.c_str());
  }

  bool read_timestamp() {
    std::size_t at = at_;
    if (!take(at, '@')) return false;
    const bool negative = take(at, '-');
    std::int64_t seconds = 0;
    if (!take_number(at, text_.size(), seconds)) return false;
    std::int64_t fraction = 0;
    if (peek(at - at_) == '.') fraction = take_fraction(++at);
    result_.timestamp = negative ? -seconds : seconds;
    result_.timestamp_microseconds = negative ? -fraction : fraction;
    result_.zone = find_time_zone("+00:00");
    at_ = at;
    return true;
  }

  bool read_date() {
    std::size_t at = at_;
    const bool negative = take(at, '-');
    if (!negative) take(at, '+');
    constexpr std::size_t kYearDigits = 4;
    if (digits_from(at) != kYearDigits) return false;
    CivilFields date{};
    const bool is_whole = take_number(at, kYearDigits, date.year) && take(at, '-') && take_number(at, 2, date.month) &&
                          take(at, '-') && take_number(at, 2, date.day);
    constexpr std::int64_t kDays = 31;
    if (!is_whole || date.month > kMonthsOfYear || date.day > kDays) return false;
    if (negative) date.year = -date.year;
    if ((text_.substr(at, 1) == "T" || text_.substr(at, 1) == "t") && digits_from(at + 1) > 0) ++at;
    result_.date = date;
    at_ = at;
    return true;
  }

  bool read_time() {
    std::size_t at = at_;
    ClockFields time{};
    constexpr std::int64_t kHours = 24;
    constexpr std::int64_t kMinutes = 59;
    if (!take_number(at, 2, time.hour) || !take(at, ':') || !take_number(at, 2, time.minute)) return false;
    if (take(at, ':')) {
      if (!take_number(at, 2, time.second)) return false;
      if (take(at, '.')) time.microsecond = take_fraction(at);
    }
    if (time.hour > kHours || time.minute > kMinutes || time.second > kMinutes) return false;
    result_.time = time;
    at_ = at;
    return true;
  }

  bool read_shift() {
    std::size_t at = at_;
    bool negative = false;
    while (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) negative ^= text_[at++] == '-';
    while (at < text_.size() && text_[at] == ' ') ++at;
    std::int64_t count = 0;
    if (!take_number(at, text_.size(), count)) return false;
    while (at < text_.size() && text_[at] == ' ') ++at;
    const std::size_t size = letters_from(at);
    const std::string_view word = text_.substr(at, size);
    const Unit* unit = find_unit(word);
    is_beyond_ = is_beyond_ || is_word_of_php(word);
    if (unit == nullptr) return false;
    result_.shift.*unit->field += (negative ? -1 : 1) * bounded(count) * unit->factor;
    at_ = at + size;
    return true;
  }

  bool read_zone() {
    std::size_t end = at_;
    const bool is_offset = peek() == '+' || peek() == '-';
    const auto belongs = [&](char byte) {
      return is_offset ? is_digit_of_date(byte) || byte == ':' || end == at_
                       : is_letter_of_date(byte) || byte == '/' || byte == '_';
    };
    while (end < text_.size() && belongs(text_[end])) ++end;
    const auto zone = find_time_zone(text_.substr(at_, end - at_));
    if (!zone) return false;
    result_.zone = *zone;
    at_ = end;
    return true;
  }

  bool read_word() {
    const std::size_t size = letters_from(at_);
    const std::string word = lower(text_.substr(at_, size));
    constexpr std::int64_t kNoon = 12;
    if (word == "today" || word == "midnight" || word == "tomorrow" || word == "yesterday") {
      result_.from_midnight = true;
      result_.time.reset();
      result_.shift.days += word == "tomorrow" ? 1 : word == "yesterday" ? -1 : 0;
    } else if (word == "noon") {
      result_.time = ClockFields{kNoon, 0, 0, 0};
    } else if (word == "ago") {
      DateShift& by = result_.shift;
      by = {-by.years, -by.months, -by.days, -by.seconds, -by.microseconds};
    } else if (word != "now") {
      is_beyond_ = is_beyond_ || is_word_of_php(word);
      return false;
    }
    at_ += size;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_beyond_ = false;
  DateText result_;
};

}  // namespace

tl::expected<DateText, DateTextError> read_date_text(std::string_view text) {
  return Reader(text).read();
}

std::string unread(std::string_view text, const DateTextError& error) {
  const char byte = error.position < text.size() ? text[error.position] : ' ';
  return "Failed to parse time string (" + std::string(text) + ") at position " + std::to_string(error.position) +
         " (" + byte +
         "): " + (is_letter_of_date(byte) ? "The timezone could not be found in the database" : "Unexpected character");
}

void apply(DateValue& date, const DateText& text, Reading reading) {
  if (text.zone) date.zone = *text.zone;
  if (text.timestamp) {
    date.seconds = bounded_seconds(*text.timestamp);
    date.microseconds = 0;
    shift(date, {0, 0, 0, 0, text.timestamp_microseconds}, Counted::as_passed);
  }
  const bool begins_day = text.from_midnight || (text.date && reading == Reading::whole);
  if (text.date || text.time || begins_day) {
    WallTime wall = wall_of(date);
    if (text.date) wall.year = text.date->year, wall.month = text.date->month, wall.day = text.date->day;
    const ClockFields kept{wall.hour, wall.minute, wall.second, wall.microsecond};
    const ClockFields time = text.time ? *text.time : begins_day ? ClockFields{0, 0, 0, 0} : kept;
    const WallTime all{wall.year, wall.month, wall.day, time.hour, time.minute, time.second, time.microsecond};
    if (reading == Reading::changes) {
      set_wall(date, all);
    } else {
      set_wall(date, all, Twice::second);
    }
  }
  shift(date, text.shift, Counted::by_clock);
}

}  // namespace assay::reference::php
