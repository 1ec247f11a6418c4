#pragma once

#include <array>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// How clients reach the application.
enum class RolloutKind {
  link,              // the main script by the link
  resolved_root,     // the web server puts the real path in the place of the link
  front_controller,  // a main script outside the releases that reads the link at each request
  directory,         // `current` is a folder, no link
  second_pool,       // clients change to another pool of the same master
  second_master,     // clients change to another master
};

// Seconds after the start at which the three workers are asked for the first time, and the deployment happens.
inline constexpr std::array<std::int64_t, 3> kWarmedAt = {0, 20, 40};
inline constexpr std::int64_t kDeployedAt = 60;
// Every worker is asked in each second from the deployment on, so long, and once more long after.
inline constexpr std::int64_t kWatched = 130;
inline constexpr std::int64_t kLongAfter = 100'000;

// The scenario of every strategy: an old and a new release, three workers that clients reach (as the strategy routes
// them), a deployment, and a watch. A page tells the releases that its parts came from: the main script, a file of its
// own folder, one of the working folder, and (by the link alone) one that is included by the link's name. One request
// is under way when the deployment happens. It records only; nothing is expected.
class Rollout : public Scenario {
 public:
  using Deploy = std::function<void(Rollout&)>;
  // `target` outlives it. `deploy` happens while one request is under way (none: the link is swapped), `refresh` when it has ended.
  Rollout(const Description& target, RolloutKind kind, const Directives& ini, Deploy deploy, Deploy refresh);

  // What a deployment may do.
  void swap_to_new() { swap_link("@/current", "releases/new"); }
  void link_inside_old() { make_link("@/current/new", "releases/new"); }
  void swap_with_a_gap();
  void move_directories();
  void replace_files(bool in_place);
  void reset() { front_[0].reset(); }
  void clear_one() { front_[1].clear_realpath_cache(); }
  void restart_workers() { reload(); }
  void switch_clients() { front_ = back_; }

 private:
  void steps() override;
  void releases();
  void write_release(const std::string& folder, const std::string& name);
  void warm();
  void poll();
  Operation page_of(const std::string& script) const;
  bool has_web_server() const;

  const Description& target_;
  RolloutKind kind_;
  Directives ini_;
  Deploy deploy_, refresh_;
  std::string release_ = "old";  // that a resolved root names
  std::array<WorkerHandle, 3> front_, back_;
  WorkerHandle passenger_;  // serves the request that is under way
};

}  // namespace assay::conformance
