#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// Long strings of a message, with which tests fill caches: they travel beside it, since reading a string as CBOR takes
// nanoseconds for each of its bytes.
struct LongStrings {
  // Where each belongs, how many of its bytes are in `bytes`, and how often which byte follows: fillers are a number and
  // one byte repeated. Null where there are none.
  Json note;
  std::string bytes;  // of one after the other
};

// Takes them out of the message.
LongStrings take_long_strings(Json& message);
// Puts them back into a message that they were taken from.
void put_long_strings(Json& message, const Json& note, std::string_view bytes);

}  // namespace assay::conformance
