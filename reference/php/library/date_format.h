#pragma once

#include <string>
#include <string_view>

#include "reference/php/library/date_value.h"

namespace assay::reference::php {

// What DateTimeInterface::format() answers.
std::string format_date(const DateValue& date, std::string_view format);

}  // namespace assay::reference::php
