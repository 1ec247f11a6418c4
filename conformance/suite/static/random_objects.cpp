// Random objects: dates, collections, subclasses of them, classes with hooks, shared among one another.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/object_traces.h"
#include "conformance/models/round_trips.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

BODY_TEST("property", "ST-GET-01/random-objects", "ST-ENC-06 ST-ISO-01 ST-ISO-05 ST-ISO-08 ST-SET-01",
          "random dates, collections and objects with hooks come back as they were stored, and work",
          {"static_cache.volatile", "static_cache.objects", "static_cache.scripts", "workers"}) {
  const std::uint64_t traces = ByProfile{10, 40, 500}.of(context.profile);
  const CampaignOptions campaign{.shrink = {400, std::chrono::seconds(3)}};
  return Campaign(context.target, context.folder, campaign, {.with_monitors = false})
      .run(ModelCheck(judge_round_trips, ModelCheck::random(context.seed, traces, [](std::uint64_t seed) {
                        return random_object_trace(seed, {});
                      })));
}
