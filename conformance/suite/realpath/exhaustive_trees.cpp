// Small scope, exhaustively: every small tree with every link target, and every short path in it.
#include "conformance/generators/exhaustive_trees.h"

#include <algorithm>

#include "conformance/generators/trace_builder.h"
#include "conformance/suite/realpath/model_check.h"

using namespace assay::conformance;

namespace {

using K = OperationKind;
using A = ActionKind;

// Trees that share one runtime: as many as keep a trace small.
constexpr std::size_t kTogether = 40;

void make(TraceBuilder& out, const Tree& tree) {
  for (const TreeNode& node : tree) {
    switch (node.kind) {
      case TreeNode::Kind::file:
        out.act(A::write, {{"path", node.path}, {"content", "x"}});
        break;
      case TreeNode::Kind::directory:
        out.act(A::make_directory, {{"path", node.path}});
        break;
      case TreeNode::Kind::link:
        out.act(A::make_link, {{"path", node.path}, {"target", node.target}});
    }
  }
}

void remove(TraceBuilder& out, const Tree& tree) {
  for (const TreeNode& node : tree) {
    if (std::count(node.path.begin(), node.path.end(), '/') == 1) out.act(A::remove, {{"path", node.path}});
  }
}

// Every path in an empty cache, then every path in one that all before have filled.
void resolve_all(TraceBuilder& out, const std::vector<std::string>& paths) {
  out.begin_request(0);
  for (const bool cold : {true, false}) {
    out.ask(K::clear_stat_cache, {{"realpath", true}});
    for (const std::string& path : paths) {
      out.ask(K::realpath, {{"path", path}});
      if (!cold) continue;
      out.ask(K::realpath_cache_get, {});
      out.ask(K::clear_stat_cache, {{"realpath", true}});
    }
  }
  out.ask(K::realpath_cache_get, {});
  out.ask(K::realpath_cache_size, {});
}

void append(TraceBuilder& out, const Tree& tree, const std::vector<std::string>& paths) {
  make(out, tree);
  resolve_all(out, paths);
  remove(out, tree);
}

ModelCheck::Joined joined(std::span<const Tree> trees, const std::vector<std::string>& paths) {
  ModelCheck::Joined joined;
  TraceBuilder together("every path in small trees", 1);
  for (const Tree& tree : trees) {
    joined.starts.push_back(together.trace.steps.size());
    append(together, tree, paths);
    TraceBuilder alone("every path in a small tree", 1);
    append(alone, tree, paths);
    joined.parts.push_back(std::move(alone.trace));
  }
  joined.trace = std::move(together.trace);
  return joined;
}

}  // namespace

BODY_TEST("exhaustive", "RP-ENT-01/exhaustive-trees", "RP-ENT-02 RP-ENT-03 RP-ENT-13 RP-PATH-02 RP-PATH-05",
          "every short path in every small tree resolves as in the model", {"realpath_cache"}) {
  const std::vector<Tree> all = exhaustive_trees(context.profile == Profile::quick ? 1 : 3);
  const std::vector<std::string> paths = exhaustive_paths(context.profile == Profile::thorough ? 3 : 2);
  const auto make_group = [&](std::uint64_t number) -> std::optional<ModelCheck::Joined> {
    const std::size_t at = number * kTogether;
    if (at >= all.size()) return std::nullopt;
    return joined(std::span(all).subspan(at, std::min(kTogether, all.size() - at)), paths);
  };
  return check_against_the_model(context, make_group);
}
