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

// Evidence counts the replies that the model had a statement about.
TestResult agree_with_the_model(TestContext& context, RealpathTraceOptions options, int traces) {
  // The entries of a main script count against a small limit, and are not reported: nothing could be predicted.
  options.small_limits = !host_of(context.target).resolves_main_script;
  TestResult total;
  for (int i = 0; i < traces; ++i) {
    const Trace trace = random_realpath_trace(context.seed + static_cast<std::uint64_t>(i), options);
    const Judged judged = run_and_judge(context, trace);
    Evidence evidence = judged.execution.evidence;
    evidence.operations = judged.judgement.judged;
    total.evidence += evidence;
    if (judged.execution.verdict == Verdict::pass && !judged.judgement.refusal) continue;
    TestResult result = judged.judgement.refusal && judged.execution.verdict == Verdict::pass
                            ? refused(context, trace, *judged.judgement.refusal)
                            : result_of(judged.execution, trace);
    result.evidence = total.evidence;
    return result;
  }
  return total;
}

int by_profile(const TestContext& context, int quick, int standard, int thorough) {
  return context.profile == Profile::quick ? quick : context.profile == Profile::standard ? standard : thorough;
}

}  // namespace

ASSAY_TEST("property", "RP-ENT-02 RP-ENT-12 RP-SIZE-01 RP-TTL-01 RP-TTL-02 RP-CLR-03 RP-PATH-02 RP-PATH-10",
           "random trees and operations agree with the model, step by step", {"realpath_cache"}, Profile::quick) {
  return agree_with_the_model(context, RealpathTraceOptions(), by_profile(context, 4, 100, 400));
}

ASSAY_TEST("property", "RP-ENT-03 RP-ENT-05 RP-ENT-13 RP-SIZE-04 RP-TTL-07 RP-CLR-05 RP-PATH-04 RP-PATH-12",
           "long histories of one worker agree with the model, step by step", {"realpath_cache"}, Profile::quick) {
  RealpathTraceOptions options;
  options.workers = 1;
  options.steps = 200;
  return agree_with_the_model(context, options, by_profile(context, 1, 20, 150));
}

ASSAY_TEST("property", "RP-LIFE-01 RP-LIFE-03 RP-CLR-01 RP-TTL-06 RP-ENT-08 RP-ENT-09",
           "four workers that share a tree agree with the model, step by step", {"realpath_cache"}, Profile::quick) {
  RealpathTraceOptions options;
  options.workers = 4;
  options.steps = 60;
  return agree_with_the_model(context, options, by_profile(context, 2, 40, 300));
}

}  // namespace assay::conformance
