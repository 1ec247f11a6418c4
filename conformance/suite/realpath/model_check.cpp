#include "conformance/suite/realpath/model_check.h"

#include <fmt/format.h>

#include "conformance/generators/shrink.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {
namespace {

struct Judged {
  Execution execution;
  Judgement judgement;
};

Judged run_and_judge(TestContext& context, const Trace& trace) {
  Judged judged;
  judged.execution = Executor(context.target, context.folder).run(trace);
  judged.judgement = judge_realpath(trace, judged.execution.observations, root_of_first_run(context),
                                    realpath_host_of(context.target));
  return judged;
}

std::optional<std::string> failing_clause(TestContext& context, const Trace& trace) {
  const Judged judged = run_and_judge(context, trace);
  if (judged.execution.verdict != Verdict::pass || !judged.judgement.refusal) return std::nullopt;
  return judged.judgement.refusal->clause;
}

TestResult refused(TestContext& context, const Trace& trace, const Refusal& refusal) {
  const auto fails = [&](const Trace& candidate) { return failing_clause(context, candidate); };
  const Shrunk shrunk = shrink(trace, refusal.clause, fails, is_legal);
  const Judged again = run_and_judge(context, shrunk.trace);
  TestResult result;
  result.verdict = Verdict::fail;
  result.failing_trace = shrunk.trace;
  const Refusal& shown = again.judgement.refusal ? *again.judgement.refusal : refusal;
  result.reason = fmt::format("{}: step {}: {}", shown.clause, shown.step + 1, shown.message);
  result.details = to_text(shrunk.trace);
  return result;
}

}  // namespace

// A target without a main script ("main-script": "none") resolves nothing of its own at the start of a request.
RealpathHost realpath_host_of(const Target& target) {
  const auto& choices = target.description().choices;
  const auto found = choices.find("main-script");
  return {.resolves_main_script = found == choices.end() || found->second != "none"};
}

TestResult check_against_the_model(TestContext& context, const Trace& trace) {
  const Judged judged = run_and_judge(context, trace);
  TestResult result;
  if (judged.execution.verdict != Verdict::pass) {
    result = result_of(judged.execution, trace);
  } else if (judged.judgement.refusal) {
    result = refused(context, trace, *judged.judgement.refusal);
  } else if (!judged.judgement.not_judged.empty()) {
    result.verdict = Verdict::inconclusive;
    result.reason = "the model made no statement: " + judged.judgement.not_judged;
  }
  result.evidence = judged.execution.evidence;
  result.evidence.operations = judged.judgement.judged - judged.judgement.listings;
  return result;
}

}  // namespace assay::conformance
