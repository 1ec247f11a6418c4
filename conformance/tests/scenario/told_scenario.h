#pragma once

#include <functional>
#include <utility>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// A scenario from a lambda, which uses its words: `Steps(target, [](Steps& s) { s.expect(s.worker().get("k"), 1); })`.
class Steps final : public Scenario {
 public:
  using Story = std::function<void(Steps&)>;
  Steps(const Description& target, Story story) : Scenario(target), story_(std::move(story)) {}

  using Scenario::about;
  using Scenario::act;
  using Scenario::advance_clock;
  using Scenario::at_least;
  using Scenario::differs_from;
  using Scenario::expect;
  using Scenario::gained;
  using Scenario::grew;
  using Scenario::ini;
  using Scenario::kill;
  using Scenario::make_link;
  using Scenario::reload_fails;
  using Scenario::remove;
  using Scenario::same_as;
  using Scenario::set_mtime;
  using Scenario::start;
  using Scenario::start_fails;
  using Scenario::swap_link;
  using Scenario::worker;
  using Scenario::write;

 private:
  void steps() override { story_(*this); }
  Story story_;
};

}  // namespace assay::conformance
