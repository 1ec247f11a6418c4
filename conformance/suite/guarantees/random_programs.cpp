// GU-VAL-07: random programs give with a cache, in any state of it, what they give without.
#include <fmt/format.h>

#include "conformance/checkers/with_and_without.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {
namespace {

constexpr std::uint64_t programs_in_a_run = 10;  // share a runtime

ModelCheck::MakeTrace programs(std::uint64_t seed, std::uint64_t runs, ProgramTraceOptions options) {
  return [=](std::uint64_t number) mutable -> std::optional<ModelCheck::Joined> {
    if (number == runs) return std::nullopt;
    options.configuration_seed = seed + number;
    std::vector<Trace> parts;
    for (std::uint64_t i = 0; i < programs_in_a_run; ++i) {
      options.folder = fmt::format("@/p{}", i);
      parts.push_back(random_program_trace((seed + number) * programs_in_a_run + i, options));
    }
    auto joined = ModelCheck::Joined::of(std::move(parts));
    joined.parts_are_small = false;
    return joined;
  };
}

TestCase program_test(const std::string& id, const std::string& clauses, const std::string& title,
                      ProgramTraceOptions options, ByProfile runs, int line = __builtin_LINE()) {
  TestCase test = describe_test("property", id, clauses, title, __FILE__, line);
  test.needs = {"script_cache", "clock.virtual", "workers"};
  test.seconds_limit = 900;
  test.body = [options, runs](TestContext& context) {
    ProgramTraceOptions shown = options;
    shown.served = context.target.description().features.contains("deploy");
    CampaignOptions campaign;
    campaign.shrink = {600, std::chrono::seconds(60)};
    const auto run = [&](const Trace& trace) {
      return Executor(context.target, context.folder, {.with_monitors = false}).run(trace);
    };
    return Campaign(run, campaign)
        .run(ModelCheck(judge_with_and_without, programs(context.seed, runs.of(context.profile), shown)));
  };
  return test;
}

// In which the cache has nothing to add or to leave out.
ProgramTraceOptions included_programs() {
  ProgramTraceOptions options;
  options.programs.repeated = options.programs.handled_warnings = false;
  options.compiles = options.compiles_in_request = false;
  return options;
}

ProgramTraceOptions compiled_programs() {
  ProgramTraceOptions options = included_programs();
  options.programs.early_use = false;
  options.compiles = true;
  return options;
}

[[maybe_unused]] const bool random_programs_registered = register_tests({
    program_test("GU-VAL-07/random-programs", "SC-PER-02 SC-PER-04 SC-PER-09",
                 "random programs give with a cache what they give without", included_programs(), {3, 60, 1000}),
    program_test("GU-VAL-07/random-compiled", "SC-API-07 SC-API-08 SC-PER-04",
                 "programs that were compiled beforehand give what they give without", compiled_programs(),
                 {2, 40, 500}),
    program_test("GU-VAL-07/random-repeated", "SC-PER-06",
                 "programs of every kind, used in every way, give what they give without", {}, {3, 60, 1000}),
});

}  // namespace
}  // namespace assay::conformance
