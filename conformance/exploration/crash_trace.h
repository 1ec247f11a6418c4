#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Traces that explore the crash states of one request hold one action `explore_crash`, the request under test after it,
// and after that the judge: what survivors are asked, with matchers.

// The trace with the state in its explore_crash; without one, the trace that counts them. `by`, `of` and `log` as in
// that action.
Trace crash_at(const Trace& pattern, std::optional<std::size_t> state, std::size_t of, const std::string& log,
               const std::string& by);

// The trace that explores all states, so many of them at most; 0 for all.
Trace crash_everywhere(const Trace& pattern, std::size_t most);

// Another state of the same request, by a real kill, whatever its log was. False: the trace explores no crash states.
bool choose_crash_state(Trace& trace, std::int64_t stores);

}  // namespace assay::conformance
