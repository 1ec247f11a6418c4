#include "support/text/near_names.h"

#include <gmock/gmock.h>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> known = {"lock/write/acquire", "lock/write/held", "posix/lock/fcntl/setlkw",
                                        "posix/lock/ofd/setlkw"};

TEST(NearNames, FindsAMisspeltName) {
  EXPECT_THAT(near_names("lock/write/aquire", known, 1), ElementsAre("lock/write/acquire"));
}

TEST(NearNames, FindsThoseThatContainItFirst) {
  EXPECT_THAT(near_names("setlkw", known, 2), ElementsAre("posix/lock/fcntl/setlkw", "posix/lock/ofd/setlkw"));
  EXPECT_THAT(near_names("lock/write/h*", known, 1), ElementsAre("lock/write/held"));
}

TEST(NearNames, FindsNothingForWhatHasNothingInCommon) {
  EXPECT_THAT(near_names("zz", known), IsEmpty());
}

}  // namespace
}  // namespace assay
