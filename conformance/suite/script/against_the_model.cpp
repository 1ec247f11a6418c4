// The script cache against its model: random histories by dimension, and all short ones.
#include "conformance/generators/exhaustive_scripts.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/suite/script/model_check.h"

using namespace assay::conformance;

namespace {

struct Traces {
  int quick, standard, thorough;
  int of(Profile profile) const {
    return profile == Profile::quick ? quick : profile == Profile::standard ? standard : thorough;
  }
};

TestResult random_histories(TestContext& context, const ScriptTraceOptions& options, int traces) {
  Evidence evidence;
  TestResult result;
  for (int i = 0; i < traces && result.verdict == Verdict::pass; ++i) {
    result = check_scripts_against_the_model(
        context, random_script_trace(context.seed + static_cast<std::uint64_t>(i), options));
    evidence += result.evidence;
  }
  result.evidence = evidence;
  return result;
}

TestCase random_test(const std::string& id, const std::string& clauses, const std::string& title,
                     ScriptTraceOptions options, Traces traces, int line = __builtin_LINE()) {
  TestCase test = describe_test("property", id, clauses, title, __FILE__, line);
  test.needs = {"script_cache", "clock.virtual", "workers"};
  test.seconds_limit = 900;
  test.body = [options, traces](TestContext& context) {
    return random_histories(context, options, traces.of(context.profile));
  };
  return test;
}

// One dimension: files under their resolved paths.
ScriptTraceOptions plain() {
  ScriptTraceOptions options;
  options.workers = 2;
  options.once = options.spellings = options.relative = options.nested = options.links = options.moves = false;
  options.directives = options.pools = options.kills = false;
  return options;
}

// All of them, on trees whose files, folders and links change places.
ScriptTraceOptions moving() {
  ScriptTraceOptions options;
  options.workers = 2;
  options.pools = false;
  return options;
}

// Pools of one server with directives of their own.
ScriptTraceOptions pools() {
  ScriptTraceOptions options;
  options.workers = 3;
  options.steps = 40;
  return options;
}

[[maybe_unused]] const bool registered = register_tests({
    random_test("SC-VAL-02/random-files",
                "SC-VAL-05 SC-VAL-06 SC-VAL-08 SC-API-02 SC-API-03 SC-API-05 SC-STA-05 SC-ALL-04",
                "random histories of files are as the model says", plain(), {5, 150, 1500}),
    random_test("SC-KEY-01/random-trees", "SC-KEY-02 SC-KEY-03 SC-KEY-08 SC-KEY-10 SC-API-06 SC-VAL-07 SC-RST-18",
                "random histories of moving trees are as the model says", moving(), {8, 150, 1500}),
    random_test("SC-KEY-07/random-pools", "SC-KEY-17 SC-STA-02 SC-STA-07 SC-RST-13",
                "random histories of pools with directives of their own are as the model says", pools(), {3, 80, 800}),
});

}  // namespace

BODY_TEST("exhaustive", "SC-VAL-06/every-short-history", "SC-KEY-02 SC-API-06 SC-RST-13",
          "every short history of two workers is as the model says", {"script_cache", "clock.virtual", "workers"}) {
  const int operations = context.profile == Profile::quick ? 2 : context.profile == Profile::standard ? 3 : 4;
  ExhaustiveScripts all(operations);
  Evidence evidence;
  TestResult result;
  for (auto trace = all.next(); trace && result.verdict == Verdict::pass; trace = all.next()) {
    result = check_scripts_against_the_model(context, *trace);
    evidence += result.evidence;
  }
  evidence.traces = all.histories();
  result.evidence = evidence;
  return result;
}
