#pragma once

#include <future>
#include <map>
#include <set>
#include <thread>

#include "conformance/execution/executor.h"
#include "conformance/execution/world.h"
#include "faults/points/control_block.h"

namespace assay::conformance {

// One run of one trace on one started runtime: walks the steps, judges replies, feeds monitors. Internal to Executor.
class Run {
 public:
  Run(const Trace& trace, Runtime& runtime, const Sandbox& sandbox, points::ControlBlock& control,
      const ExecutorOptions& options, std::vector<std::unique_ptr<Monitor>>& monitors, Execution& execution);
  ~Run();

  void steps();

 private:
  struct Background {
    std::size_t step;
    std::int64_t began_at;
    std::future<Expected<Outcome>> outcome;
    std::thread thread;
  };

  bool step(std::size_t number);
  bool request(std::size_t number, const Request& request);
  bool action(std::size_t number, const Action& action);
  Expected<void> act(const Action& action);
  Expected<void> process_action(const Action& action);
  Expected<void> fault_action(const Action& action);
  Expected<void> meet(const std::string& name);
  Expected<void> let_part(const std::string& name);
  Expected<void> await(const std::string& name);

  bool finish_background();
  void collected(std::size_t step, const Request& request, const Outcome& outcome, std::int64_t began_at);
  bool judge(std::size_t step, const Request& request, const Outcome& outcome);
  bool judge_end(std::size_t step, const Request& request, const Outcome& outcome);
  bool judge_exchange(std::size_t step, std::size_t number, const Exchange& exchange, const Reply& reply);
  bool fail(std::size_t step, std::size_t exchange, std::string expected, std::string actual, std::string reason);
  bool error(std::string reason);
  void check_faults_fired();

  const Trace& trace_;
  Runtime& runtime_;
  const Sandbox& sandbox_;
  points::ControlBlock& control_;
  const ExecutorOptions& options_;
  std::vector<std::unique_ptr<Monitor>>& monitors_;
  Execution& execution_;
  World world_;
  std::int64_t now_ = clock_start;
  Labelled labelled_;
  std::map<std::string, Background> background_;
  std::set<int> killed_;  // workers killed during a background request that was not awaited yet
  std::vector<points::Fault> plan_;
  std::vector<std::string> unfired_;
  std::size_t step_ = 0;
};

}  // namespace assay::conformance
