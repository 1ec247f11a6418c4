#pragma once

#include <nlohmann/json_fwd.hpp>

#include "conformance/vocabulary/value.h"
#include "support/error.h"

namespace assay::conformance {

using Json = nlohmann::ordered_json;

// The canonical JSON form of a value:
//
//   null, true, 7, "text"                         themselves (a string only where its bytes are UTF-8)
//   {"$bytes": "//4="}                            any other byte string, in base64
//   {"$float": "1.5"}                             a float: shortest text that reads back; also "nan", "inf", "-inf"
//   [a, b]                                        an array with the keys 0, 1, ... in order
//   {"$array": [["k", v], [7, w]]}                any other array, in order
//   {"$object": 1, "class": "C", "properties": [["p", v]]}   and {"$object": 1} where it appears again
//   {"$reference": 1, "value": v}                 and {"$reference": 1} where it appears again
//   {"$enum": "Suit::Hearts"}
//
// Each value has exactly one form, and each form one value: reading refuses whatever writing would not produce, except
// for white space and another spelling of the same float.
Json to_json(const Value& value);
Expected<Value> value_from_json(const Json& json);

Json key_to_json(const Key& key);
Expected<Key> key_from_json(const Json& json);

// Standard base64 with padding (RFC 4648).
std::string base64_encode(std::string_view bytes);
Expected<std::string> base64_decode(std::string_view text);

// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

}  // namespace assay::conformance
