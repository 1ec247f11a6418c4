#pragma once

#include "reference/php/interpreter/runtime_class.h"

namespace assay::reference::php {

// Which classes of PHP's own have state that is no matter of properties there, whatever it is here: those of dates, of
// collections, and all that extend them.
enum class InnerState : std::uint8_t { none, collection, date };
InnerState inner_state_of(const RuntimeClass& type);

}  // namespace assay::reference::php
