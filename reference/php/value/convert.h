#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "reference/php/value/value.h"

// PHP's conversions between values, without the messages that some of them cause: callers add those.
namespace assay::reference::php {

bool to_bool(const Value& value);
// Arrays convert to 0 or 1, objects to 1, numeric prefixes of strings to their number.
std::int64_t to_int(const Value& value);
double to_float(const Value& value);
// Objects have no string form here: they convert to "Object", arrays to "Array".
std::string to_string(const Value& value);

// What a string is as a number. `whole`: nothing but white space stands round the number.
struct NumericString {
  Value number;  // int or float
  bool whole = false;
};
// Nothing when the string does not begin with a number.
std::optional<NumericString> numeric_prefix(std::string_view text);
// An int, float or wholly numeric string.
bool is_numeric(const Value& value);

// As echo prints it (14 significant digits).
std::string format_float(double number);
// As var_export prints it (shortest that reads back), without the ".0" of whole numbers.
std::string format_float_exact(double number);

// "int", "float", "string", "bool", "array", "null", or the class name.
std::string type_name(const Value& value);
// gettype(): "integer", "double", ...
std::string long_type_name(const Value& value);

// `==` and `<=>`; unordered when neither is less (uncomparable arrays, NAN).
std::partial_ordering compare(const Value& left, const Value& right);
bool loosely_equal(const Value& left, const Value& right);

}  // namespace assay::reference::php
