#include "conformance/reports/timestamp.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

TEST(Timestamp, IsReadAsItIsWritten) {
  for (const char* text : {"1970-01-01T00:00:00.000Z", "2026-11-30T20:51:27.006Z", "2261-12-31T23:59:59.999Z"}) {
    const auto time = time_from_utc(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(utc_timestamp(*time), text);
  }
}

TEST(Timestamp, RefusesWhatIsNoTimeOfARun) {
  for (const char* text :
       {"1-1-2T2:9:0.6", "0001-01-02T02:09:00.006Z", "1969-12-31T23:59:59.000Z", "9999-01-01T00:00:00.000Z",
        "2026-02-31T00:00:00.000Z", "2026-11-30T20:51:27.006Z and more", ""})
    EXPECT_FALSE(time_from_utc(text)) << text;
}

}  // namespace
}  // namespace assay::conformance
