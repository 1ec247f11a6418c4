#pragma once

#include <string>
#include <vector>

namespace assay::conformance {

// A file, a directory or a symbolic link of a small tree; paths begin with "@/".
struct TreeNode {
  enum class Kind { file, directory, link } kind;
  std::string path;
  std::string target{};  // of a link, as it stands
};

// Parents come before what is in them.
using Tree = std::vector<TreeNode>;

// Every tree of at most `nodes` files, directories and links, two names ("a", "b") in each directory, each link with
// every target of link_targets(). The empty one is the first. The same at each call.
std::vector<Tree> exhaustive_trees(int nodes);

// What a link may hold: the names one and two levels down, the directory itself and its parents, a name that nothing
// has, and absolute ones.
const std::vector<std::string>& link_targets();

// Every path of at most `components` of "a", "b", "." and "..", below "@".
std::vector<std::string> exhaustive_paths(int components);

}  // namespace assay::conformance
