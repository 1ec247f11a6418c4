#include "conformance/adapters/reference/values.h"

#include <gtest/gtest.h>

#include <memory>

namespace assay::conformance {
namespace {

TEST(ReferenceArguments, ObjectsThatContainThemselvesDoNotOutliveTheOperation) {
  const Value itself = Object{1, false, "stdClass", {{Key("itself"), Value(Object{1, true, "", {}})}}};
  std::weak_ptr<reference::Object> seen;
  {
    ReferenceArguments arguments;
    const auto value = arguments.of(itself);
    seen = value.as_object();
    EXPECT_EQ(from_reference(value), itself);
  }
  EXPECT_TRUE(seen.expired());
}

TEST(ReferenceArguments, ReferencesThatContainThemselvesDoNotOutliveTheOperation) {
  const Value itself = Reference{1, {Value::list({Reference{1, {}}})}};
  std::weak_ptr<reference::Reference> seen;
  {
    ReferenceArguments arguments;
    const auto value = arguments.of(itself);
    seen = value.as_reference();
  }
  EXPECT_TRUE(seen.expired());
}

}  // namespace
}  // namespace assay::conformance
