#include "support/files/remove_tree.h"

#include <gtest/gtest.h>

#include <fstream>

namespace assay {
namespace {
namespace fs = std::filesystem;

class RemoveTree : public testing::Test {
 protected:
  RemoveTree() {
    std::string name = (fs::temp_directory_path() / "assay-remove-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    fs::create_directories(folder_ / "outside");
    std::ofstream(folder_ / "outside" / "kept") << "kept";
    fs::create_directories(folder_ / "tree" / "locked" / "below");
    std::ofstream(folder_ / "tree" / "locked" / "file") << "file";
    fs::create_directory_symlink(folder_ / "outside", folder_ / "tree" / "link");
    fs::permissions(folder_ / "tree" / "locked", fs::perms::none);
  }
  ~RemoveTree() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(RemoveTree, TakesWhatIsLockedAndFollowsNoLink) {
  remove_tree(folder_ / "tree");
  EXPECT_FALSE(fs::exists(folder_ / "tree"));
  EXPECT_TRUE(fs::exists(folder_ / "outside" / "kept"));
}

TEST_F(RemoveTree, AnEmptiedFolderStays) {
  empty_folder(folder_ / "tree");
  EXPECT_TRUE(fs::is_empty(folder_ / "tree"));
  EXPECT_TRUE(fs::exists(folder_ / "outside" / "kept"));
}

TEST_F(RemoveTree, WhatIsNotThereIsNoError) {
  remove_tree(folder_ / "missing");
  empty_folder(folder_ / "missing");
  EXPECT_TRUE(fs::exists(folder_ / "tree"));
}

}  // namespace
}  // namespace assay
