// Random histories of declared statics over several workers and requests, against their model.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/statics_traces.h"
#include "conformance/models/judge_statics.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

constexpr const char* random_statics_clauses =
    "ST-ATT-02 ST-ATT-05 ST-ATT-06 ST-ATT-07 ST-ATT-08 ST-ATT-10 ST-ATT-11 ST-ATT-12 ST-ATT-13 ST-ATT-14 ST-ATT-15 "
    "ST-ATT-16 ST-ATT-17 ST-ATT-18 ST-ATT-19 ST-ATT-20 ST-ATT-23 ST-ATT-24 ST-ATT-26";

TestResult check_statics(const TestContext& context, const StaticsTraceOptions& options) {
  const std::uint64_t traces = ByProfile{15, 40, 500}.of(context.profile);
  const CampaignOptions campaign{.shrink = {400, std::chrono::seconds(3)}};
  return Campaign(context.target, context.folder, campaign, {.with_monitors = false})
      .run(ModelCheck(judge_statics, ModelCheck::random(context.seed, traces, [options](std::uint64_t seed) {
                        return random_statics_trace(seed, options);
                      })));
}

}  // namespace

BODY_TEST("property", "ST-ATT-09/random", random_statics_clauses,
          "random histories of declared statics of three workers agree with the model",
          {"static_cache.attributes", "static_cache.pinned", "clock.virtual", "workers", "rendezvous",
           "workers.processes", "script_cache"}) {
  return check_statics(context, {});
}

BODY_TEST("property", "ST-ATT-06/random-in-turn", random_statics_clauses,
          "random histories of declared statics in requests that follow each other agree with the model",
          {"static_cache.attributes", "static_cache.pinned", "clock.virtual", "workers"}) {
  StaticsTraceOptions options;
  options.waits = options.resets = false;
  return check_statics(context, options);
}
