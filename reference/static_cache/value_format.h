#pragma once

#include <cstddef>

// The bytes of a stored value: a number that no other has, and one of these before each value or key. Private to one run of
// the program (ST-ENC-14).
namespace assay::reference::value_format {

enum Tag : char {
  null = 'n',
  false_ = 'f',
  true_ = 't',
  integer = 'i',          // 8 bytes
  real = 'd',             // 8 bytes
  string = 's',           // size, bytes
  known_string = 'S',     // number of the string among those of a value that are long enough to have one
  array = 'a',            // next free index, number of elements, elements (key, value)
  list = 'l',             // an array with the keys 0, 1, ...: next free index, number of elements, values
  integers = 'I',         // a list of ints: next free index, number of elements, 8 bytes of each
  reals = 'D',            // a list of floats: the same
  object = 'o',           // class name, then as an array: its state
  enum_case = 'e',        // class name, name of the case
  reference = 'r',        // a value
  known_object = 'O',     // number of the object, or enum case, in this value
  known_reference = 'R',  // number of the reference
};

inline constexpr std::size_t kHeadBytes = 8;  // of that number

// Shorter strings are stored each time: their number is as long.
inline constexpr std::size_t kNumbered = 9;

}  // namespace assay::reference::value_format
