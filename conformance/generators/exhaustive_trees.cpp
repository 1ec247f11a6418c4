#include "conformance/generators/exhaustive_trees.h"

namespace assay::conformance {
namespace {

Tree joined(Tree first, const Tree& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::vector<Tree> contents(const std::string& directory, int nodes);

// One name with exactly so many nodes: itself and what is below it.
std::vector<Tree> entries(const std::string& path, int nodes) {
  using Kind = TreeNode::Kind;
  std::vector<Tree> trees;
  if (nodes == 1) {
    trees.push_back({{Kind::file, path}});
    for (const std::string& target : link_targets()) trees.push_back({{Kind::link, path, target}});
  }
  for (const Tree& below : contents(path, nodes - 1)) trees.push_back(joined({{Kind::directory, path}}, below));
  return trees;
}

// A directory with exactly so many nodes in it.
std::vector<Tree> contents(const std::string& directory, int nodes) {
  if (nodes == 0) return {Tree()};
  std::vector<Tree> trees;
  for (const char* name : {"/a", "/b"}) {
    for (Tree& only : entries(directory + name, nodes)) trees.push_back(std::move(only));
  }
  for (int first = 1; first < nodes; ++first) {
    for (const Tree& a : entries(directory + "/a", first)) {
      for (const Tree& b : entries(directory + "/b", nodes - first)) trees.push_back(joined(a, b));
    }
  }
  return trees;
}

}  // namespace

const std::vector<std::string>& link_targets() {
  static const std::vector<std::string> targets = {"a",  "b",    "a/a",  "a/b",  "b/a", "b/b", ".",
                                                   "..", "../a", "../b", "gone", "@/a", "@/b"};
  return targets;
}

std::vector<Tree> exhaustive_trees(int nodes) {
  std::vector<Tree> trees;
  for (int exactly = 0; exactly <= nodes; ++exactly) {
    for (Tree& tree : contents("@", exactly)) trees.push_back(std::move(tree));
  }
  return trees;
}

std::vector<std::string> exhaustive_paths(int components) {
  std::vector<std::string> paths, longest = {"@"};
  for (int length = 1; length <= components; ++length) {
    std::vector<std::string> longer;
    for (const std::string& path : longest) {
      for (const char* name : {"/a", "/b", "/.", "/.."}) longer.push_back(path + name);
    }
    paths.insert(paths.end(), longer.begin(), longer.end());
    longest = std::move(longer);
  }
  return paths;
}

}  // namespace assay::conformance
