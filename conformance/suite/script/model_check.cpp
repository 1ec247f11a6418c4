#include "conformance/suite/script/model_check.h"

#include <fmt/format.h>

#include "conformance/execution/executor.h"
#include "conformance/generators/shrink.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {

namespace {

struct Judged {
  Execution execution;
  Judgement judgement;
};

// Monitors stay off: they would judge the same replies once more.
Judged run_and_judge(TestContext& context, const Trace& trace) {
  Judged judged;
  judged.execution = Executor(context.target, context.folder, {.with_monitors = false}).run(trace);
  judged.judgement = judge_scripts(trace, judged.execution.observations, root_of_first_run(context),
                                   script_host_of(context.target.description()));
  return judged;
}

// The trace as a test of its own: it fails where it gives again what the model refused.
Trace with_expectation(Trace trace, const Judged& judged) {
  const Refusal& refusal = *judged.judgement.refusal;
  for (const Observation& observation : judged.execution.observations) {
    if (observation.step != refusal.step || observation.exchange != refusal.exchange) continue;
    if (observation.reply.kind != Reply::Kind::value) continue;
    std::get<Request>(trace.steps[refusal.step]).exchanges[refusal.exchange].expected =
        negated(equals(observation.reply.value));
  }
  trace.clauses = {refusal.clause};
  trace.note = refusal.message;
  return trace;
}

TestResult refused(TestContext& context, const Trace& trace, const Refusal& refusal) {
  const auto fails = [&](const Trace& candidate) -> std::optional<std::string> {
    const Judgement judgement = run_and_judge(context, candidate).judgement;
    return judgement.refusal ? std::optional(judgement.refusal->clause) : std::nullopt;
  };
  const Shrunk shrunk = shrink(trace, refusal.clause, fails, is_legal);
  const Judged again = run_and_judge(context, shrunk.trace);
  TestResult result;
  result.verdict = Verdict::fail;
  result.failing_trace = again.judgement.refusal ? with_expectation(shrunk.trace, again) : shrunk.trace;
  const Refusal& shown = again.judgement.refusal ? *again.judgement.refusal : refusal;
  result.clauses[shown.clause] = Verdict::fail;
  result.reason = fmt::format("{}: step {}: {}", shown.clause, shown.step + 1, shown.message);
  result.details = to_text(*result.failing_trace);
  return result;
}

}  // namespace

ScriptHost script_host_of(const Description& target) {
  const auto chose = [&](const char* name, const char* value) {
    const auto found = target.choices.find(name);
    return found != target.choices.end() && found->second == value;
  };
  ScriptHost host;
  host.excluded_main_script = !chose("main-script", "none");
  host.compiling_includes = chose("compile-of-a-cached-file", "included");
  host.failing_once_includes = chose("once-of-a-cached-file-that-is-gone", "included");
  host.doubles_keys = chose("keys-of-once-includes", "doubled");
  host.dies_of_chains = chose("key-of-a-key", "unsafe");
  return host;
}

TestResult check_scripts_against_the_model(TestContext& context, const Trace& trace) {
  const Judged judged = run_and_judge(context, trace);
  TestResult result;
  if (judged.judgement.refusal) {
    result = refused(context, trace, *judged.judgement.refusal);
  } else if (judged.execution.verdict != Verdict::pass) {
    result = result_of(judged.execution, trace);
  } else if (!judged.judgement.not_judged.empty()) {
    result.verdict = Verdict::inconclusive;
    result.reason = "the model made no statement: " + judged.judgement.not_judged;
  }
  result.evidence = judged.execution.evidence;
  result.evidence.operations = judged.judgement.judged;
  return result;
}

}  // namespace assay::conformance
