#include "conformance/models/value_model.h"

#include <gtest/gtest.h>

#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

Value object(int number, Elements properties) {
  return Object{number, false, "stdClass", std::move(properties)};
}
Value again(int number) {
  return Object{number, true, "", {}};
}

TEST(FetchedValues, AReferenceOfItsOwnIsAValue) {
  FetchedValues fetched;
  EXPECT_EQ(fetched.of(Value::list({Reference{1, {Value(3)}}, 4})), Value::list({3, 4}));
  const Value aliased = Value::list({Reference{1, {Value(3)}}, Reference{1, {}}});
  EXPECT_EQ(fetched.of(aliased), aliased);
}

TEST(FetchedValues, SeveralOnesShareNothing) {
  FetchedValues fetched;
  const Value twice = Value::list({object(1, {{Key("p"), 1}}), again(1)});
  EXPECT_EQ(fetched.of(twice), twice);
  EXPECT_EQ(fetched.of(twice), Value::list({object(2, {{Key("p"), 1}}), again(2)}));
}

class ValuesTest : public testing::Test, protected ObservedRun {
 protected:
  std::string refused() {
    const auto refusal = judge_values(trace, observations).refusal;
    return refusal ? refusal->clause : "";
  }
};

TEST_F(ValuesTest, AFetchGivesWhatWasStoredLast) {
  const Value value = Value::list({object(1, {}), again(1)});
  answered(0, set("a", value), true);
  answered(1, get("a"), value);
  answered(1, set("a", 2), true);
  answered(0, get("a"), 2);
  answered(0, remove("a"), true);
  answered(0, get("a", "none"), "none");
  EXPECT_EQ(refused(), "");
  answered(0, get("a", "none"), 2);
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(ValuesTest, LostIdentityIsRefused) {
  answered(0, set("a", Value::list({object(1, {}), again(1)})), true);
  answered(0, get("a"), Value::list({object(1, {}), object(2, {})}));
  EXPECT_EQ(refused(), "ST-GET-01");
}

TEST_F(ValuesTest, AValueThatCanBeStoredIs) {
  answered(0, set("a", 1), false);
  EXPECT_EQ(refused(), "ST-SET-01");
}

}  // namespace
}  // namespace assay::conformance
