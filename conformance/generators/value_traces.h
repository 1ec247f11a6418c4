#pragma once

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/vocabulary/value.h"

namespace assay::conformance {

// What a random value may hold beside scalars, strings and arrays.
struct ValueOptions {
  bool objects = true;     // of stdClass: several times in one value, cycles among them
  bool references = true;  // as elements of arrays, at several places
  int depth = 4;
};

// A random value that can be stored: all types, odd numbers, bytes of every kind, keys of both kinds, long texts that
// occur again, nesting. Not itself a reference.
Value random_value(Draw& draw, const ValueOptions& options);

// Stores and fetches of random values by several workers, one or several at a time, some of which change what they got
// and fetch it again. Entries are deleted now and then; none has a time to live. ini: none.
struct ValueTraceOptions : GeneratorOptions {
  ValueOptions values{};
  bool changes = true;  // what a worker got, which only targets with scripts can
  std::string backend = "volatile";
  int keys = 3;
};
Trace random_value_trace(std::uint64_t seed, const ValueTraceOptions& options);

}  // namespace assay::conformance
