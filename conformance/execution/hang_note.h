#pragma once

#include <string>

#include "conformance/execution/execution.h"

namespace assay::conformance {

// A hang is the one failure that a busy machine can feign. So a trace that is written down for one says so in its note,
// and whoever replays it is told where the hang does not come again.

// Adds to the note of a failing trace which step hung, and how; nothing where none did.
void note_hang(Trace& trace, const Execution& execution);

// Of a replay without a hang: what is to be said of the one in the note. Empty where the note has none, or one came.
std::string missing_hang(const Trace& trace, const Execution& replay);

}  // namespace assay::conformance
