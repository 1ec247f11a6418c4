#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/php/value/value.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/object_hooks.h"
#include "reference/static_cache/store_type.h"
#include "support/error.h"

namespace assay::reference {

// Values as a store keeps them: null, bool, int and float in place, everything else as bytes. Inner identity survives:
// an object or reference that occurs twice in a value occurs once in the copy (ST-ISO-05), cycles included. A reference
// that nothing else shares is stored as its value. The format is private to one run of the program (ST-ENC-14).
//
// Neither direction recurses, so nesting may be as deep as memory allows (ST-ENC-15). Both run scripts where a class
// has hooks: no lock is held (ST-SET-10), and what a hook throws passes through.

// Whether the value itself can be stored nowhere (ST-SET-05): a closure or a resource.
bool is_forbidden(const Value& value);

// A top-level reference is followed (ST-SET-02). Each object is asked once for its state (ST-SET-11). Error: a closure,
// a resource or an object that cannot be stored is somewhere inside (ST-SET-06).
Expected<StoredValue> encode_value(const Value& value, ObjectHooks& hooks);

// The code of an error: the value does not fit into the memory of the request. The message is PHP's.
inline constexpr int kRequestMemoryExhausted = -1'000;

// References of the copy are made in `heap`, objects by the hooks, and given their state from the inside out. Error: the
// bytes are no value, a class is missing (ST-ENC-18), or the request has no memory for it (ST-PRC-15).
Expected<Value> decode_value(StoredValue stored, Heap& heap, ObjectHooks& hooks);

// Whether two encoded values, each made by encode_value(), are the same value.
bool is_same(const StoredValue& left, const StoredValue& right);

// What is the same in each copy of one array or object, so that the next copy can be made of it.
struct SharedParts {
  // An array of scalars, strings and such arrays only, and where it stands in the bytes. In order, none inside another.
  struct PlainArray {
    std::size_t begin = 0;
    std::size_t end = 0;
    Value value;
  };
  // A string that others refer to, in the bytes.
  struct Text {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  std::vector<PlainArray> arrays;
  std::vector<Text> texts;
  std::uint64_t request_bytes = 0;  // that a copy needs, about as PHP counts them

  // The value where all of it is one plain array; else nullptr.
  const Value* whole(std::string_view bytes) const;
};

struct FirstCopy {
  Value value;
  SharedParts parts;
};
// decode_value() of an array or object.
Expected<FirstCopy> decode_first(std::string_view bytes, Heap& heap, ObjectHooks& hooks);
// Another copy, of what decode_first() made of the same bytes; both stay as they are, also while hooks run.
Expected<Value> decode_again(std::string_view bytes, const SharedParts& parts, Heap& heap, ObjectHooks& hooks);

}  // namespace assay::reference
