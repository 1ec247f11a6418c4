#pragma once

#include "reference/php/value/value.h"
#include "reference/static_cache/entry_store.h"
#include "support/error.h"

namespace assay::reference {

// Values as a store keeps them: null, bool, int and float in place, everything else as bytes. Inner identity survives:
// an object or reference that occurs twice in a value occurs once in the copy (ST-ISO-05), cycles included. A reference
// that nothing else shares is stored as its value. The format is private to one run of the program (ST-ENC-14).
//
// Neither direction recurses, so nesting may be as deep as memory allows (ST-ENC-15).

// A top-level reference is followed (ST-SET-02). Error: a closure is somewhere inside (ST-SET-05, ST-SET-06).
Expected<StoredValue> encode_value(const Value& value);

// Objects and references of the copy are made in `heap`. Error: the bytes are no value.
Expected<Value> decode_value(const StoredValue& stored, Heap& heap);

}  // namespace assay::reference
