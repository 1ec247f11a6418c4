#include "fuzz/common/private_world.h"

#include <gmock/gmock-matchers.h>

#include <fstream>

namespace assay::fuzz {
namespace {

namespace fs = std::filesystem;

class PrivateWorldTest : public testing::Test {
 protected:
  PrivateWorld& world = PrivateWorld::of_process();
  const fs::path folder = world.run_folder().parent_path();
  const PrivateWorld::State before = world.look();

  std::string difference() const { return before.difference(world.look()); }
  void TearDown() override { world.lay_canary(); }
};

TEST_F(PrivateWorldTest, SeesNothingWhereNothingChanged) {
  std::ofstream(world.run_folder() / "file") << "in a sandbox";
  fs::remove(world.run_folder() / "file");
  EXPECT_EQ(difference(), "");
}

TEST_F(PrivateWorldTest, SeesAFileThatIsWritten) {
  std::ofstream(folder / "canary" / "file") << "songs";
  EXPECT_THAT(difference(), testing::HasSubstr("canary/file"));
}

TEST_F(PrivateWorldTest, SeesANewNameBesideTheSandboxes) {
  fs::create_directory(folder / "new");
  EXPECT_NE(difference(), "");
  fs::remove(folder / "new");
}

TEST_F(PrivateWorldTest, SeesAMode) {
  fs::permissions(folder / "canary" / "folder" / "file", fs::perms::owner_read);
  EXPECT_THAT(difference(), testing::HasSubstr("canary/folder/file"));
}

TEST_F(PrivateWorldTest, SeesAFileThatIsRemoved) {
  fs::remove(folder / "canary" / "second-name");
  EXPECT_NE(difference(), "");
}

TEST_F(PrivateWorldTest, NothingElseOfTheMachineCanBeChanged) {
  if (!world.is_confined()) GTEST_SKIP() << "no mount namespaces here";
  std::error_code code;
  EXPECT_FALSE(fs::create_directory(folder.parent_path() / "assay-not-here", code));
  EXPECT_EQ(code.value(), EROFS);
}

}  // namespace
}  // namespace assay::fuzz
