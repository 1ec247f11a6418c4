#include "conformance/adapter/root_text.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

TEST(RootText, PutsTheFolderInThePlaceOfTheSignAndBack) {
  EXPECT_EQ(with_root(std::string("@"), "/run"), "/run");
  EXPECT_EQ(with_root(std::string("@/a:@/b@c"), "/run"), "/run/a:/run/b@c");
  EXPECT_EQ(without_root(std::string("/run/a:/run/b"), "/run"), "@/a:@/b");
}

TEST(RootText, TakesNothingOutWhereThereIsNoRoot) {
  EXPECT_EQ(without_root(std::string("/run/a"), ""), "/run/a");
  EXPECT_EQ(without_root(Reply::of(Value::list({"x", "@"})), ""), Reply::of(Value::list({"x", "@"})));
}

}  // namespace
}  // namespace assay::conformance
