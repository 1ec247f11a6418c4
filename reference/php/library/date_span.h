#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/php/library/date_value.h"

namespace assay::reference::php {

// What a DateInterval has.
struct DateSpan {
  std::int64_t years = 0;
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t microseconds = 0;
  bool inverted = false;
  std::optional<std::int64_t> all_days;  // of a difference
};

// "P1Y2M3W4DT5H6M7S". Nothing: it is no such text.
std::optional<DateSpan> read_span(std::string_view text);
// What lies between; inverted where `to` is the earlier one.
DateSpan difference(const DateValue& from, const DateValue& to);
DateShift shift_of(const DateSpan& span, bool backwards);
std::string format_span(const DateSpan& span, std::string_view format);

}  // namespace assay::reference::php
