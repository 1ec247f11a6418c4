// A history of operations on the reference, in this process: every reply is judged by the models of its caches, and the
// whole run by the monitors. The engine changes histories step by step (trace_mutator.h), so that coverage of the
// reference guides what is asked of it.
#include <fmt/format.h>

#include "conformance/execution/check_trace.h"
#include "conformance/execution/executor.h"
#include "conformance/models/judge_realpath.h"
#include "conformance/models/judge_reservations.h"
#include "conformance/models/judge_scripts.h"
#include "conformance/models/volatile_model.h"
#include "conformance/vocabulary/trace_paths.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/in_process_target.h"
#include "fuzz/common/leads_out.h"
#include "fuzz/common/private_world.h"

namespace {

using namespace assay;
using namespace assay::conformance;
using fuzz::demand;
using fuzz::PrivateWorld;

// What the models have to be told of the reference.
ScriptHost script_host() {
  ScriptHost host;
  host.excluded_main_script = false;
  return host;
}

void demand_allowed(const char* model, const Judgement& judgement, const Trace& trace) {
  if (!judgement.refusal) return;
  const Refusal& refusal = *judgement.refusal;
  demand(false, "every reply is one that the model allows",
         fmt::format("{}: {}: step {}, operation {}: {}\n{}", model, refusal.clause, refusal.step + 1,
                     refusal.exchange + 1, refusal.message, to_text(trace)));
}

void judge(const Trace& trace, const Execution& execution, const Description& target, const std::string& root) {
  const auto& seen = execution.observations;
  demand_allowed("script cache", judge_scripts(trace, seen, root, script_host()), trace);
  demand_allowed("realpath cache", judge_realpath(trace, seen, root, {.resolves_main_script = false}), trace);
  demand_allowed("data cache", judge_data_cache(trace, seen, cache_rules(target)), trace);
  demand_allowed("reservations", judge_reservations(trace, seen, reservation_rules(target)), trace);
  for (const Violation& violation : execution.violations) {
    demand(false, "no monitor sees a clause broken",
           fmt::format("{}: step {}: {}\n{}", violation.clause, violation.step + 1, violation.message, to_text(trace)));
  }
}

// Judged by the models alone.
void drop_expectations(Trace& trace) {
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    request->ends = "any";
    for (Exchange& exchange : request->exchanges) exchange.expected.reset();
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto trace = trace_from_json_lines(fuzz::text_of(data, size), "input");
  if (!trace || !check_trace(*trace, "input") || !check_paths(*trace, "input", false)) return 0;
  PrivateWorld& world = PrivateWorld::of_process();
  if (fuzz::may_lead_out(*trace) && !world.is_confined()) return 0;
  const auto target = fuzz::make_in_process_target();
  if (!fuzz::can_run_in_process(*trace, target->description())) return 0;
  drop_expectations(*trace);
  const Execution execution = Executor(*target, world.run_folder()).run(*trace);
  // An action that could not be carried out ended the history.
  if (execution.verdict == Verdict::error) return 0;
  judge(*trace, execution, target->description(), (world.run_folder() / "run1" / "tree").string());
  return 0;
}
