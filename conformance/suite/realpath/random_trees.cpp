// Properties: random trees with links, random operations and clock steps on two workers, every reply, listing and size
// judged by the model of the specification.
#include <fmt/format.h>

#include "conformance/generators/shrink.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/judge_realpath.h"
#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {
namespace {

// A target without a main script ("main-script": "none") resolves nothing of its own at the start of a request.
RealpathHost host_of(const Target& target) {
  const auto& choices = target.description().choices;
  const auto found = choices.find("main-script");
  return {.resolves_main_script = found == choices.end() || found->second != "none"};
}

struct Judged {
  Execution execution;
  Judgement judgement;
};

Judged run_and_judge(TestContext& context, const Trace& trace) {
  Judged judged;
  judged.execution = Executor(context.target, context.folder).run(trace);
  judged.judgement =
      judge_realpath(trace, judged.execution.observations, root_of_first_run(context), host_of(context.target));
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

ASSAY_TEST("property", "RP-ENT-02 RP-ENT-12 RP-SIZE-01 RP-TTL-01 RP-TTL-02 RP-CLR-03 RP-PATH-02 RP-PATH-10",
           "random trees and operations agree with the model, step by step", {"realpath_cache"}, Profile::quick) {
  const int traces = context.profile == Profile::quick ? 4 : context.profile == Profile::standard ? 100 : 1000;
  TestResult total;
  for (int i = 0; i < traces; ++i) {
    const Trace trace = random_realpath_trace(context.seed + static_cast<std::uint64_t>(i), RealpathTraceOptions());
    const Judged judged = run_and_judge(context, trace);
    total.evidence += judged.execution.evidence;
    if (judged.execution.verdict != Verdict::pass) {
      TestResult result = result_of(judged.execution, trace);
      result.evidence = total.evidence;
      return result;
    }
    if (!judged.judgement.refusal) continue;
    TestResult result = refused(context, trace, *judged.judgement.refusal);
    result.evidence = total.evidence;
    return result;
  }
  return total;
}

}  // namespace assay::conformance
