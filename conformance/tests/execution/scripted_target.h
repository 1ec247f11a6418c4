#pragma once

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// A target that answers what a test tells it to: for tests of what stands above the adapters.
class ScriptedTarget final : public Target {
 public:
  using Answers = std::function<Expected<Outcome>(int worker, std::span<const Exchange>)>;

  explicit ScriptedTarget(Answers answers) : answers_(std::move(answers)) {
    description_.name = "scripted";
    description_.version = "0";
    description_.features = {"scripts", "script_cache", "files", "workers", "clock.virtual", "fault"};
  }
  const Description& description() const override { return description_; }
  Description& description() { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& /*sandbox*/) override {
    ++starts;
    if (!refusal.empty()) return failure(refusal, refusal_code);
    return std::unique_ptr<Runtime>(new ScriptedRuntime(*this, configuration.worker_count()));
  }

  std::string refusal;  // of every start, and of every reload
  int refusal_code = 0;
  int starts = 0;
  std::vector<int> replaced;  // workers, in order
  bool can_replace = true;

  // An outcome in which every operation has the same reply.
  static Outcome all(std::span<const Exchange> exchanges, const Reply& reply,
                     Outcome::Kind kind = Outcome::Kind::completed) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.replies.assign(exchanges.size(), reply);
    outcome.began = outcome.ended = std::chrono::steady_clock::now();
    return outcome;
  }

 private:
  class ScriptedWorker final : public Worker {
   public:
    ScriptedWorker(ScriptedTarget& target, int number) : target_(target), number_(number) {}
    Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds /*limit*/) override {
      return target_.answers_(number_, exchanges);
    }
    std::optional<pid_t> process() const override { return std::nullopt; }

   private:
    ScriptedTarget& target_;
    int number_;
  };

  class ScriptedRuntime final : public Runtime {
   public:
    ScriptedRuntime(ScriptedTarget& target, int workers) : target_(target) {
      for (int i = 0; i < workers; ++i) workers_.emplace_back(target, i);
    }
    Worker& worker(int number) override { return workers_[static_cast<std::size_t>(number)]; }
    Expected<void> replace(int number) override {
      if (!target_.can_replace) return failure("a worker cannot be replaced");
      target_.replaced.push_back(number);
      return {};
    }
    Expected<void> reload() override {
      if (!target_.refusal.empty()) return failure(target_.refusal, target_.refusal_code);
      return {};
    }
    std::string log() const override { return "the log's last line\n"; }

   private:
    ScriptedTarget& target_;
    std::vector<ScriptedWorker> workers_;
  };

  Answers answers_;
  Description description_;
};

}  // namespace assay::conformance
