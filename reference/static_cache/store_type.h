#pragma once

#include <cstdint>

#include "reference/php/value/value.h"

namespace assay::reference {

// How a value is stored (ST-ENC-05): the first of these that all of it qualifies for.
enum class StoreType : std::uint8_t { scalar, shared_graph, binary, serialized };

// Both in the one byte that a stored value has for what it is.
constexpr std::uint8_t kind_of(ValueType type, StoreType how = StoreType::scalar) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(type) | static_cast<unsigned>(how) << 4);
}
constexpr ValueType value_type_of(std::uint8_t kind) {
  return static_cast<ValueType>(kind & 15);
}
constexpr StoreType store_type_of(std::uint8_t kind) {
  return static_cast<StoreType>(kind >> 4);
}

}  // namespace assay::reference
