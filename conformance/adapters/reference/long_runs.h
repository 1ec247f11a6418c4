#pragma once

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// Long strings of one byte, with which tests fill caches: a message is sent without them, with a note of where they belong,
// since reading a string as CBOR takes nanoseconds for each of its bytes.
//
// Takes them out of the message; the note is null where there were none.
Json take_long_runs(Json& message);
// Whether there is one.
bool has_long_run(const Json& message);
// Puts them back, of a message and the note that was taken from it.
void put_long_runs(Json& message, const Json& note);

}  // namespace assay::conformance
