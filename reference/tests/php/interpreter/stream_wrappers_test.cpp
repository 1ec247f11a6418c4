#include "reference/php/interpreter/stream_wrappers.h"

#include <gtest/gtest.h>

namespace assay::reference::php {
namespace {

TEST(StreamWrappers, PlainFilesAreReadUntilTheirWrapperIsReplaced) {  // SC-KEY-15
  StreamWrappers wrappers;
  EXPECT_TRUE(wrappers.reads_plain_files());
  EXPECT_FALSE(wrappers.add("file", {"Own"})) << "it is there";
  EXPECT_TRUE(wrappers.remove("file"));
  EXPECT_FALSE(wrappers.has("file"));
  EXPECT_FALSE(wrappers.reads_plain_files());
  EXPECT_TRUE(wrappers.add("file", {"Own"}));
  EXPECT_TRUE(wrappers.has("file"));
  EXPECT_FALSE(wrappers.reads_plain_files());
  EXPECT_EQ(wrappers.own("file")->class_name, "Own");
  EXPECT_EQ(wrappers.restore("file"), StreamWrappers::Restored::done);
  EXPECT_TRUE(wrappers.reads_plain_files());
  EXPECT_EQ(wrappers.own("file"), nullptr);
}

TEST(StreamWrappers, OfScriptsGoForGood) {
  StreamWrappers wrappers;
  EXPECT_TRUE(wrappers.add("own", {"Own", true}));
  EXPECT_FALSE(wrappers.add("own", {"Other"}));
  EXPECT_TRUE(wrappers.own("own")->is_url);
  EXPECT_EQ(wrappers.names().back(), "own");
  EXPECT_TRUE(wrappers.remove("own"));
  EXPECT_FALSE(wrappers.remove("own"));
  EXPECT_EQ(wrappers.restore("own"), StreamWrappers::Restored::unknown);
  EXPECT_EQ(wrappers.restore("data"), StreamWrappers::Restored::never_changed);
}

}  // namespace
}  // namespace assay::reference::php
