// Properties: random trees with links, random operations and clock steps on one to four workers; every reply judged by
// the model of the specification, with listing and size after every operation.
#include "conformance/generators/trace_generators.h"
#include "conformance/generators/variations.h"
#include "conformance/suite/realpath/model_check.h"

namespace assay::conformance {
namespace {

// How the traces differ from what the generator makes.
enum class Variation { none, twice_in_a_row };

TestResult agree_with_the_model(TestContext& context, RealpathTraceOptions options, std::uint64_t traces,
                                Variation variation) {
  // The entries of a main script count against a small limit, and are not reported: nothing could be predicted.
  options.small_limits = !realpath_host_of(context.target).resolves_main_script;
  const auto make = [&](std::uint64_t seed) {
    Trace trace = random_realpath_trace(seed, options);
    return variation == Variation::none ? trace : twice_in_a_row(std::move(trace), seed);
  };
  return check_against_the_model(context, ModelCheck::random(context.seed, traces, make));
}

TestCase random_test(const char* id, const char* more_clauses, const char* title, RealpathTraceOptions options,
                     ByProfile traces, Variation variation = Variation::none, int line = __builtin_LINE()) {
  TestCase test = describe_test("property", id, more_clauses, title, __FILE__, line);
  test.needs = {"realpath_cache"};
  if (options.workers > 1) test.needs.insert("workers");
  test.seconds_limit = 900;  // for the thorough profile on a target behind a socket
  test.body = [options, traces, variation](TestContext& context) {
    return agree_with_the_model(context, options, traces.of(context.profile), variation);
  };
  return test;
}

RealpathTraceOptions options_of(int workers, int steps) {
  RealpathTraceOptions options;
  options.workers = workers;
  options.steps = steps;
  return options;
}

[[maybe_unused]] const bool random_trees_registered = register_tests({
    random_test("RP-ENT-02/random-trees", "RP-ENT-12 RP-SIZE-01 RP-TTL-01 RP-TTL-02 RP-CLR-03 RP-PATH-02 RP-PATH-10",
                "random trees and operations agree with the model", options_of(2, 30), {4, 100, 400}),
    random_test("RP-ENT-03/random-long", "RP-ENT-05 RP-ENT-13 RP-SIZE-04 RP-TTL-07 RP-CLR-05 RP-PATH-04 RP-PATH-12",
                "long random histories of one worker agree with the model", options_of(1, 200), {1, 20, 150}),
    random_test("RP-LIFE-01/random-shared", "RP-LIFE-03 RP-CLR-01 RP-TTL-06 RP-ENT-08 RP-ENT-09",
                "random histories of four workers on one tree agree with the model", options_of(4, 60), {2, 40, 300}),
    random_test("RP-ENT-02/repeated-at-once", "RP-TTL-08 RP-ENT-12 RP-CLR-03",
                "path operations that come twice within one second agree with the model", options_of(2, 40),
                {2, 60, 300}, Variation::twice_in_a_row),
});

}  // namespace
}  // namespace assay::conformance
