#include "reference/php/library/date_pattern.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "reference/php/compiler/text.h"

namespace assay::reference::php {
namespace {

constexpr std::string_view kMonthPrefixes = "janfebmaraprmayjunjulaugsepoctnovdec";

class PatternReader {
 public:
  PatternReader(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  bool read() {
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      const bool is_escaped = pattern_[i] == '\\' && i + 1 < pattern_.size();
      if (!is_escaped && pattern_[i] == '+') return true;
      if (!(is_escaped ? take_byte(pattern_[++i]) : take(pattern_[i]))) return false;
    }
    return text_.empty();
  }

  DateValue date(const DateValue& now) const {
    DateValue date = now;
    date.microseconds = 0;
    if (zone_) date.zone = *zone_;
    if (timestamp_) {
      date.seconds = bounded_seconds(*timestamp_);
      date.microseconds = microsecond_.value_or(0);
      return date;
    }
    const WallTime base = resets_ ? WallTime{} : wall_of(date);
    const bool has_time = hour_ || minute_ || second_ || microsecond_;
    WallTime wall{year_.value_or(base.year), month_.value_or(base.month), day_.value_or(base.day)};
    wall.hour = hour_of_day().value_or(has_time ? 0 : base.hour);
    wall.minute = minute_.value_or(has_time ? 0 : base.minute);
    wall.second = second_.value_or(has_time ? 0 : base.second);
    wall.microsecond = microsecond_.value_or(0);
    set_wall(date, wall, Twice::second);
    return date;
  }

 private:
  using Field = std::optional<std::int64_t>;

  std::optional<std::int64_t> hour_of_day() const {
    constexpr std::int64_t kHalf = 12;
    if (!hour_ || !afternoon_) return hour_;
    return *hour_ % kHalf + (*afternoon_ ? kHalf : 0);
  }

  bool take(char letter) {
    switch (letter) {
      case 'd':
      case 'j':
        return take_number(day_, 1, 2);
      case 'm':
      case 'n':
        return take_number(month_, 1, 2);
      case 'Y':
        return take_number(year_, 1, 4);
      case 'y':
        return take_short_year();
      case 'H':
      case 'G':
      case 'h':
      case 'g':
        return take_number(hour_, 1, 2);
      case 'i':
        return take_number(minute_, 2, 2);
      case 's':
        return take_number(second_, 2, 2);
      case 'u':
        return take_fraction(6);
      case 'v':
        return take_fraction(3);
      case 'U':
        return take_timestamp();
      default:
        return take_more(letter);
    }
  }

  bool take_more(char letter) {
    switch (letter) {
      case 'A':
      case 'a':
        return take_half();
      case 'D':
      case 'l':
      case 'S':
        return !take_letters().empty();
      case 'M':
      case 'F':
        return take_month_name();
      case 'e':
      case 'T':
      case 'O':
      case 'P':
      case 'p':
        return take_zone();
      case '!':
      case '|':
        resets_ = true;
        return true;
      case '?':
        return take_any();
      case '*':
        text_.remove_prefix(std::min(text_.find_first_of(" ,;:/.\\()-0123456789"), text_.size()));
        return true;
      default:
        return take_byte(letter);
    }
  }

  bool take_byte(char byte) { return !text_.empty() && text_[0] == byte && take_any(); }
  bool take_any() {
    if (text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view take_while(std::string_view bytes, std::size_t most) {
    const std::string_view taken = text_.substr(0, std::min({text_.find_first_not_of(bytes), text_.size(), most}));
    text_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_letters() {
    return take_while("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", text_.size());
  }

  bool take_number(Field& field, std::size_t least, std::size_t most) {
    const std::string digits(take_while("0123456789", most));
    if (digits.size() < least) return false;
    field = std::atoll(digits.c_str());
    return true;
  }

  bool take_short_year() {
    if (!take_number(year_, 2, 2)) return false;
    constexpr std::int64_t kFirstOfLastCentury = 70;
    *year_ += *year_ < kFirstOfLastCentury ? 2000 : 1900;
    return true;
  }

  bool take_fraction(std::size_t most) {
    constexpr std::size_t kDigits = 6;
    std::string digits(take_while("0123456789", most));
    if (digits.empty()) return false;
    digits.resize(kDigits, '0');
    microsecond_ = std::atoll(digits.c_str());
    return true;
  }

  bool take_timestamp() {
    constexpr std::size_t kMostDigits = 17;
    const bool negative = take_byte('-');
    if (!take_number(timestamp_, 1, kMostDigits)) return false;
    if (negative) *timestamp_ = -*timestamp_;
    zone_ = find_time_zone("+00:00");
    return true;
  }

  bool take_half() {
    const std::string half = lower(text_.substr(0, 2));
    if (half != "am" && half != "pm") return false;
    text_.remove_prefix(2);
    afternoon_ = half == "pm";
    return true;
  }

  bool take_month_name() {
    const std::string name = lower(take_letters());
    constexpr std::size_t kPrefix = 3;
    if (name.size() < kPrefix) return false;
    const std::size_t at = kMonthPrefixes.find(name.substr(0, kPrefix));
    if (at == std::string_view::npos || at % kPrefix != 0) return false;
    month_ = static_cast<std::int64_t>(at / kPrefix) + 1;
    return true;
  }

  bool take_zone() {
    const std::size_t end = std::min(text_.find_first_of(" ,;()"), text_.size());
    zone_ = find_time_zone(text_.substr(0, end));
    text_.remove_prefix(end);
    return zone_.has_value();
  }

  std::string_view pattern_;
  std::string_view text_;
  Field year_, month_, day_, hour_, minute_, second_, microsecond_, timestamp_;
  std::optional<bool> afternoon_;
  std::optional<TimeZone> zone_;
  bool resets_ = false;
};

}  // namespace

std::optional<DateValue> read_by_pattern(std::string_view pattern, std::string_view text, const DateValue& now) {
  PatternReader reader(pattern, text);
  if (!reader.read()) return std::nullopt;
  return reader.date(now);
}

}  // namespace assay::reference::php
