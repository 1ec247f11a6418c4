#include "support/text/error_name.h"

#include <gmock/gmock.h>
#include <cerrno>
#include <cstring>

namespace assay {
namespace {

using testing::Eq;
using testing::IsEmpty;
using testing::Optional;

TEST(ErrorName, IsTheMacro) {
  EXPECT_THAT(error_name(EINTR), Eq("EINTR"));
  EXPECT_THAT(error_name(ENOTRECOVERABLE), Eq("ENOTRECOVERABLE"));
  EXPECT_THAT(error_named("ENOSPC"), Optional(ENOSPC));
}

TEST(ErrorName, WhatIsNoErrorHasNone) {
  EXPECT_THAT(error_name(0), IsEmpty());
  EXPECT_THAT(error_name(-EINTR), IsEmpty());
  EXPECT_THAT(error_name(4095), IsEmpty());
  EXPECT_THAT(error_named("EINT"), Eq(std::nullopt));
  EXPECT_THAT(error_named(""), Eq(std::nullopt));
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
TEST(ErrorName, IsThatOfTheCLibraryForEachNumber) {
  for (int error = 1; error < 4096; ++error) {
    const char* name = strerrorname_np(error);
    EXPECT_THAT(error_name(error), Eq(name == nullptr ? "" : name)) << error;
  }
}
#endif

}  // namespace
}  // namespace assay
