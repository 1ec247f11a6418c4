#include "conformance/adapter/stage.h"

#include <gtest/gtest.h>

#include <optional>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

TEST(Stage, HasASandboxAndAClockThatStandsStill) {
  const TestFolder folder;
  const auto stage = Stage::make(fs::path(folder.path()) / "new");
  ASSERT_TRUE(stage) << stage.error().message;
  EXPECT_TRUE(fs::is_directory(stage->sandbox.root));
  EXPECT_TRUE(fs::is_directory(stage->sandbox.scratch));
  EXPECT_TRUE(fs::exists(stage->sandbox.control));
  EXPECT_TRUE(stage->control.clock_frozen());
  EXPECT_EQ(stage->control.realtime(), std::chrono::seconds(clock_start));
}

TEST(Stage, SaysWhatTheFolderLacks) {
  const auto stage = Stage::make("/proc/no such folder");
  ASSERT_FALSE(stage);
  EXPECT_NE(stage.error().message.find("/proc/no such folder"), std::string::npos) << stage.error().message;
}

TEST(TemporaryStage, IsGoneWithItsLastOwner) {
  auto made = TemporaryStage::make();
  ASSERT_TRUE(made) << made.error().message;
  const fs::path folder = made->sandbox().root.parent_path();
  std::optional<TemporaryStage> owner(std::move(*made));
  made = failure("moved from");
  EXPECT_TRUE(fs::is_directory(folder));
  owner.reset();
  EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace assay::conformance
