#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "conformance/vocabulary/value.h"

namespace assay::conformance {
namespace {

TEST(ValueHash, EqualValuesHaveEqualHashes) {
  const auto object = [] { return Value(Object{1, false, "C", {{"p", 1}}}); };
  EXPECT_EQ(hash_of(object()), hash_of(object()));
  EXPECT_EQ(hash_of(Value::list({1, "a", nullptr})), hash_of(Value::list({1, "a", nullptr})));
  EXPECT_EQ(hash_of(std::numeric_limits<double>::quiet_NaN()), hash_of(-std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(hash_of(Value(EnumCase{"E", "A"})), hash_of(Value(EnumCase{"E", "A"})));
}

// Not promised for all, but a table of values is slow where it does not hold for values like these.
TEST(ValueHash, DifferentValuesHaveDifferentHashes) {
  const std::vector<Value> values = {nullptr,
                                     false,
                                     true,
                                     0,
                                     1,
                                     0.0,
                                     -0.0,
                                     1.0,
                                     "",
                                     "1",
                                     Value::list({}),
                                     Value::list({1}),
                                     Value::list({1, 2}),
                                     Value::list({2, 1}),
                                     Value::map({{"0", 1}}),
                                     Value::map({{"a", 1}}),
                                     Value(EnumCase{"E", "A"}),
                                     Value(EnumCase{"E", "B"}),
                                     Value(Object{1, false, "C", {}}),
                                     Value(Object{1, false, "D", {}})};
  std::set<std::size_t> hashes;
  for (const Value& value : values) hashes.insert(hash_of(value));
  EXPECT_EQ(hashes.size(), values.size());
}

}  // namespace
}  // namespace assay::conformance
