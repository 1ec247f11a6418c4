#include "conformance/deployments/strategy.h"

namespace assay::conformance {
namespace {

using Kind = RolloutKind;

const std::vector<Strategy>& table() {
  static const std::vector<Strategy> all = {
      {.name = "link-swap",
       .title = "Link swapped in one step",
       .note = "ln -sfn, or ln -s and mv -T; all caches at defaults"},
      {.name = "link-inside",
       .title = "ln -sf without -n",
       .note = "makes a link inside the old release",
       .deploy = &Rollout::link_inside_old},
      {.name = "link-with-gap",
       .title = "Link removed, then made",
       .note = "mv without -T, rm and ln -s: a moment without the link",
       .deploy = &Rollout::swap_with_a_gap},
      {.name = "folder-renamed",
       .title = "Folder renamed over",
       .note = "no link: the old folder is moved away, the new one to its name",
       .kind = Kind::directory,
       .deploy = &Rollout::move_directories},
      {.name = "files-renamed",
       .title = "Files replaced one by one",
       .note = "each new file is renamed over the old one",
       .deploy = [](Rollout& rollout) { rollout.replace_files(false); }},
      {.name = "files-overwritten",
       .title = "Files overwritten in place",
       .note = "each file is truncated and written again",
       .deploy = [](Rollout& rollout) { rollout.replace_files(true); }},
      {.name = "swap-and-reset",
       .title = "Swap and opcache_reset",
       .note = "one request to one worker calls opcache_reset()",
       .refresh = &Rollout::reset},
      {.name = "swap-and-clear",
       .title = "Swap and clearstatcache",
       .note = "one request to one worker (W1) calls clearstatcache(true)",
       .refresh = &Rollout::clear_one},
      {.name = "swap-and-reload",
       .title = "Swap and reload",
       .note = "the manager is reloaded gracefully",
       .needs = {"reload"},
       .refresh = &Rollout::restart_workers},
      {.name = "resolved-root",
       .title = "Web server resolves the root",
       .note = "the script is named by the root's real path (nginx: $realpath_root)",
       .kind = Kind::resolved_root},
      {.name = "front-controller",
       .title = "Front controller resolves the root",
       .note = "a main script outside of the releases calls readlink() at each request",
       .kind = Kind::front_controller},
      {.name = "realpath-cache-off",
       .title = "Realpath cache off",
       .note = "realpath_cache_size=0, OPcache at defaults",
       .ini = {{"realpath_cache_size", "0"}}},
      {.name = "opcache-off",
       .title = "OPcache off",
       .note = "the realpath cache at defaults",
       .ini = {{"opcache.enable", "0"}}},
      {.name = "both-off",
       .title = "Both caches off",
       .note = "realpath_cache_size=0, opcache.enable=0",
       .ini = {{"realpath_cache_size", "0"}, {"opcache.enable", "0"}}},
      {.name = "revalidate-path",
       .title = "revalidate_path",
       .note = "opcache.revalidate_path=1",
       .ini = {{"opcache.revalidate_path", "1"}}},
      {.name = "revalidate-path-no-realpath-cache",
       .title = "revalidate_path, realpath cache off",
       .note = "opcache.revalidate_path=1, realpath_cache_size=0",
       .ini = {{"opcache.revalidate_path", "1"}, {"realpath_cache_size", "0"}}},
      {.name = "second-pool",
       .title = "Blue and green pools of one master",
       .note = "the link is swapped, clients change to fresh workers of the same master",
       .kind = Kind::second_pool,
       .refresh = &Rollout::switch_clients},
      {.name = "second-master",
       .title = "Blue and green masters",
       .note = "the link is swapped, clients change to the workers of another master",
       .kind = Kind::second_master,
       .refresh = &Rollout::switch_clients},
  };
  return all;
}

}  // namespace

std::span<const Strategy> strategies() {
  return table();
}

Trace rollout_trace(const Strategy& strategy, const Description& target) {
  Trace trace =
      Rollout(target, strategy.kind, strategy.ini, strategy.deploy, strategy.refresh).build(strategy.name, {});
  trace.needs = strategy.needs;
  return trace;
}

}  // namespace assay::conformance
