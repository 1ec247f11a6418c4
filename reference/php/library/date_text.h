#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "reference/php/library/date_value.h"

namespace assay::reference::php {

struct CivilFields {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};
struct ClockFields {
  std::int64_t hour;
  std::int64_t minute;
  std::int64_t second;
  std::int64_t microsecond;
};

// What a text says of a date. What it does not say stays as it was.
struct DateText {
  std::optional<std::int64_t> timestamp;
  std::int64_t timestamp_microseconds = 0;
  std::optional<CivilFields> date;
  std::optional<ClockFields> time;
  bool from_midnight = false;  // unless there is a time
  std::optional<TimeZone> zone;
  DateShift shift;
};

struct DateTextError {
  std::size_t position;
  bool is_beyond_subset;  // PHP may well know it
};

// Absolute and relative texts, as docs/script-subset.md lists them.
tl::expected<DateText, DateTextError> read_date_text(std::string_view text);

// What PHP says of a text that it cannot read.
std::string unread(std::string_view text, const DateTextError& error);

enum class Reading : std::uint8_t { whole, changes };
// `whole`: a date without a time begins its day. `changes`: it keeps the time that there is.
void apply(DateValue& date, const DateText& text, Reading reading);

}  // namespace assay::reference::php
