#pragma once

#include <optional>
#include <string_view>

#include "reference/php/library/date_value.h"

namespace assay::reference::php {

// What createFromFormat() makes of a text: the letters d j D l S m n M F Y y G H g h i s u v A a e T O P p U, and the
// signs ! | ? * + and \. What the text does not say is as in `now`, which has the zone that counts where it names none.
// Nothing: the text does not have this form.
std::optional<DateValue> read_by_pattern(std::string_view pattern, std::string_view text, const DateValue& now);

}  // namespace assay::reference::php
