// GU-VAL-07: random programs whose library is preloaded give what they give without a cache.
#include <algorithm>
#include <set>

#include "conformance/checkers/with_and_without.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/preload_traces.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {
namespace {

constexpr int without_cache = 0;

// A program that ends early without a cache is none that preloading has to serve: a library that cannot be included
// declares nothing, and one that is preloaded all but what is wrong with it (PL-LNK-02).
Judgement judge_completed(const Trace& trace, std::span<const Observation> seen) {
  std::vector<Observation> kept;
  std::copy_if(seen.begin(), seen.end(), std::back_inserter(kept), [](const Observation& each) {
    return each.worker != without_cache ||
           (each.outcome == Outcome::Kind::completed && each.reply.kind == Reply::Kind::value);
  });
  return judge_with_and_without(trace, kept);
}

TestCase preloaded_programs(const std::string& id, const std::string& title, PreloadProgramOptions options,
                            ByProfile runs, Profile profile) {
  TestCase test = describe_test("property", id, "PL-SET-01 PL-SET-05 PL-SET-07 PL-LNK-01 PL-REQ-01 PL-REQ-04 PL-REQ-06",
                                title, __FILE__, __LINE__);
  test.needs = {"script_cache.preloading", "script_cache.whole_language", "clock.virtual", "workers",
                "workers.processes"};
  test.seconds_limit = 900;
  test.profile = profile;
  test.body = [options, runs](TestContext& context) {
    CampaignOptions campaign;
    campaign.shrink = {300, std::chrono::seconds(30)};
    const auto run = [&](const Trace& trace) {
      return Executor(context.target, context.folder, {.with_monitors = false}).run(trace);
    };
    const auto make = [options](std::uint64_t seed) { return random_preload_trace(seed, options); };
    return Campaign(run, campaign)
        .run(ModelCheck(judge_completed, ModelCheck::random(context.seed, runs.of(context.profile), make)));
  };
  return test;
}

[[maybe_unused]] const bool random_programs_registered = register_tests({
    preloaded_programs("GU-VAL-07/random-preloaded",
                       "random programs give with a preloaded library what they give without a cache",
                       {.late_statics = false}, {15, 200, 4000}, Profile::quick),
    preloaded_programs("GU-VAL-07/preloaded-late-statics",
                       "random programs give so also where static properties are evaluated late", {}, {100, 100, 1000},
                       Profile::standard),
});

}  // namespace
}  // namespace assay::conformance
