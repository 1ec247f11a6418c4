#pragma once

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {

// Whether a matcher is one that no reply fails, as far as its form alone tells: {"diagnostics": {"any":
// true}}, ... Whoever expects that expects nothing. `{"any": true}` is none of them: what is thrown fails it.
bool matches_every_reply(const Matcher& matcher);

}  // namespace assay::conformance
