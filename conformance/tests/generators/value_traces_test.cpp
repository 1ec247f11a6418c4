#include "conformance/generators/value_traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

Value drawn(std::uint64_t seed, ValueOptions options = {}) {
  return generate(seed, [&options](Draw& draw) { return random_value(draw, options); });
}

bool holds(const Value& value, const std::function<bool(const Value&)>& wanted) {
  if (wanted(value)) return true;
  const auto any = [&](const Elements& elements) {
    return std::any_of(elements.begin(), elements.end(), [&](const auto& e) { return holds(e.second, wanted); });
  };
  if (value.is_array()) return any(value.as_array());
  if (value.is_object()) return any(value.as_object().properties);
  return value.is_reference() && !value.as_reference().content.empty() &&
         holds(value.as_reference().content.front(), wanted);
}

TEST(RandomValues, HaveACanonicalForm) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Value value = drawn(seed);
    EXPECT_EQ(value_from_json(to_json(value)).value(), value) << seed;
    EXPECT_EQ(drawn(seed), value) << seed;
  }
}

TEST(RandomValues, ShareObjectsAndReferencesWhereAskedFor) {
  int objects = 0, references = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto is_shared_object = [](const Value& v) { return v.is_object() && v.as_object().seen_before; };
    const auto is_shared_reference = [](const Value& v) {
      return v.is_reference() && v.as_reference().content.empty();
    };
    objects += holds(drawn(seed), is_shared_object) ? 1 : 0;
    references += holds(drawn(seed), is_shared_reference) ? 1 : 0;
    const Value plain = drawn(seed, {.objects = false, .references = false});
    EXPECT_FALSE(holds(plain, [](const Value& v) { return v.is_object() || v.is_reference(); })) << seed;
  }
  EXPECT_GT(objects, 10);
  EXPECT_GT(references, 10);
}

TEST(RandomValueTraces, AreTheSameForTheSameSeed) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Trace trace = random_value_trace(seed, {});
    EXPECT_TRUE(is_legal(trace)) << seed;
    EXPECT_EQ(trace.steps.size(), random_value_trace(seed, {}).steps.size());
  }
}

}  // namespace
}  // namespace assay::conformance
