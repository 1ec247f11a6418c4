#include "conformance/generators/exhaustive_trees.h"

#include <gtest/gtest.h>

#include <set>

namespace assay::conformance {
namespace {

std::set<std::string> different(const std::vector<Tree>& trees) {
  std::set<std::string> texts;
  for (const Tree& tree : trees) {
    std::string text;
    for (const TreeNode& node : tree)
      text += std::to_string(static_cast<int>(node.kind)) + node.path + ">" + node.target + " ";
    texts.insert(text);
  }
  return texts;
}

// One name has 1 file, 13 links or 1 empty directory: 15 forms of one node, and two names.
TEST(ExhaustiveTrees, EveryTreeOnce) {
  EXPECT_EQ(link_targets().size(), 13u);
  EXPECT_EQ(exhaustive_trees(0).size(), 1u);
  EXPECT_EQ(exhaustive_trees(1).size(), 1u + 30);
  EXPECT_EQ(exhaustive_trees(2).size(), 1u + 30 + 285);
  const auto three = exhaustive_trees(3);
  EXPECT_EQ(three.size(), 1u + 30 + 285 + 1470);
  EXPECT_EQ(different(three).size(), three.size());
}

TEST(ExhaustiveTrees, ParentsComeFirst) {
  for (const Tree& tree : exhaustive_trees(3)) {
    std::set<std::string> made = {"@"};
    for (const TreeNode& node : tree) {
      EXPECT_TRUE(made.contains(node.path.substr(0, node.path.rfind('/')))) << node.path;
      if (node.kind == TreeNode::Kind::directory) made.insert(node.path);
    }
  }
}

TEST(ExhaustiveTrees, EveryPathOnce) {
  const auto paths = exhaustive_paths(3);
  EXPECT_EQ(paths.size(), 4u + 16 + 64);
  EXPECT_EQ(std::set<std::string>(paths.begin(), paths.end()).size(), paths.size());
}

}  // namespace
}  // namespace assay::conformance
