#include "conformance/models/literal_script.h"

#include <gtest/gtest.h>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {
namespace {

TEST(LiteralResult, ReadsWhatReturnsWrites) {
  for (const Value& value : {Value(), Value(true), Value(-7), Value("it's \\ one\nline"), Value("")})
    EXPECT_EQ(literal_result(returns(value)), value) << to_text(value);
  EXPECT_EQ(literal_result(returns(Value::list({1}))), std::nullopt);
  EXPECT_EQ(literal_result(php("return 1 + 1;")), std::nullopt);
  EXPECT_EQ(literal_result(php("return 'a' . 'b';")), std::nullopt);
  EXPECT_EQ(literal_result(php("return 017;")), std::nullopt);
}

}  // namespace
}  // namespace assay::conformance
