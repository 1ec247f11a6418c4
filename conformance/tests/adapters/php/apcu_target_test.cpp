#include "conformance/adapters/php/php_target.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <limits>

#include "conformance/tests/adapters/php/php_fixture.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

class ApcuTargetTest : public PhpFixture {
 protected:
  ApcuTargetTest() : PhpFixture("apcu") {}
};

TEST_F(ApcuTargetTest, ApcuIsMapped) {
  start(two_workers());
  const Value nested = Value::map({{"a", Value::list({1, 2.5, nullptr})}, {"b", "\xfe"}});
  EXPECT_EQ(ask(K::cache_set, {{"key", "k"}, {"value", nested}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_get, {{"key", "k"}}, 1).value, nested);
  EXPECT_EQ(ask(K::cache_get, {{"key", "none"}, {"default", "fallback"}}).value, Value("fallback"));
  EXPECT_EQ(ask(K::cache_set_multiple, {{"values", Value::map({{"x", 1}, {"y", 2}})}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_get_multiple, {{"keys", Value::list({"y", "none", "x"})}, {"default", Value::list({})}}).value,
            Value::map({{"y", 2}, {"none", Value::list({})}, {"x", 1}}));
  EXPECT_EQ(ask(K::cache_has, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_delete, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_delete, {{"key", "x"}}).value, Value(true));
  EXPECT_EQ(ask(K::cache_has, {{"key", "x"}}).value, Value(false));
  EXPECT_EQ(ask(K::cache_delete_multiple, {{"keys", Value::list({"x", "y"})}}).value, Value(true));
  EXPECT_EQ(number(ask(K::cache_info).value, {"entry_count"}), 1);
  EXPECT_EQ(ask(K::cache_set, {{"key", "t"}, {"value", 1}, {"ttl", 2}}).value, Value(true));
  control_->advance_clock(2s);
  EXPECT_EQ(ask(K::cache_get, {{"key", "t"}}, 1).value, Value(1));
  control_->advance_clock(1s);
  EXPECT_EQ(ask(K::cache_get, {{"key", "t"}}, 1).value, Value());
  EXPECT_EQ(ask(K::cache_clear).value, Value(true));
  EXPECT_EQ(ask(K::cache_get, {{"key", "k"}}, 1).value, Value());
  EXPECT_EQ(ask(K::cache_lock, {{"key", "k"}}).kind, Reply::Kind::unsupported);
}

TEST_F(ApcuTargetTest, ValuesGoThroughPhpUnchanged) {
  start();
  Reference shared{1, {Value(3)}};
  Reference again{1, {}};
  Object object{1, false, "ArrayObject", {}};
  const std::vector<Value> values = {nullptr,
                                     true,
                                     false,
                                     0,
                                     -1,
                                     std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min(),
                                     0.1,
                                     -0.0,
                                     1e300,
                                     5e-324,
                                     std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::quiet_NaN(),
                                     "",
                                     "text",
                                     std::string("a\0b", 3),
                                     "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
                                     "\xff\xfe",
                                     "line\nbreak\"\\/",
                                     std::string(70000, 'x'),
                                     Value::list({}),
                                     Value::list({1, Value::list({2, Value::list({})})}),
                                     Value::map({{std::int64_t{-5}, "m"}, {"", 1}, {"\xff", 2}}),
                                     Value::map({{"$float", "1"}}),
                                     Value::map({{std::int64_t{1}, 0}}),
                                     Value::map({{"a", shared}, {"b", again}}),
                                     Object{1, false, "stdClass", {{"p", 1}, {"q", Value(Object{1, true, "", {}})}}}};
  for (const Value& value : values) {
    const auto outcome = request(0, {make_operation(K::cache_set, {{"key", "v"}, {"value", value}}),
                                     make_operation(K::cache_get, {{"key", "v"}, {"default", "none"}})});
    ASSERT_EQ(outcome.kind, Outcome::Kind::completed) << to_text(value, 100) << outcome.detail;
    EXPECT_EQ(outcome.replies[1].value, value)
        << to_text(value, 100) << " came back as " << to_text(outcome.replies[1].value, 100);
  }
}

}  // namespace
}  // namespace assay::conformance::php
