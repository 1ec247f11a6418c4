#include "reference/static_cache/store_type.h"

#include <gtest/gtest.h>

#include "reference/static_cache/value_codec.h"

namespace assay::reference {
namespace {

StoreType type_of(const Value& value) {
  Heap heap;
  PlainObjects plain(heap);
  return store_type_of(encode_value(value, plain)->kind);
}

TEST(StoreType, GoesIntoOneByteWithTheTypeOfTheValue) {
  for (int type = 0; type <= static_cast<int>(ValueType::reference); ++type) {
    for (const StoreType how : {StoreType::scalar, StoreType::shared_graph, StoreType::binary, StoreType::serialized}) {
      const std::uint8_t kind = kind_of(static_cast<ValueType>(type), how);
      EXPECT_EQ(static_cast<int>(value_type_of(kind)), type);
      EXPECT_EQ(store_type_of(kind), how);
    }
  }
}

TEST(StoreType, IsTheFirstThatAllOfTheValueQualifiesFor) {  // ST-ENC-05, ST-ENC-06
  Heap heap;
  for (const Value& scalar : {Value(), Value(true), Value(1), Value(1.5), Value("text")})
    EXPECT_EQ(type_of(scalar), StoreType::scalar);
  Array list;
  list.append(Value(1));
  EXPECT_EQ(type_of(Value(list)), StoreType::shared_graph);
  auto object = heap.new_object("O");
  list.append(Value(object));
  EXPECT_EQ(type_of(Value(list)), StoreType::shared_graph);
  list.append(Value(object));
  EXPECT_EQ(type_of(Value(list)), StoreType::binary) << "an identity has to be kept";
}

}  // namespace
}  // namespace assay::reference
