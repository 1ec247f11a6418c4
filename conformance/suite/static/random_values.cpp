// Random values, with shared objects, references and nesting: what is fetched is what was stored, and a copy.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/value_traces.h"
#include "conformance/models/value_model.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

constexpr const char* random_values_clauses = "ST-ISO-01 ST-ISO-02 ST-ISO-05 ST-ISO-06 ST-ISO-07 ST-SET-01";

TestResult check_values(const TestContext& context, ValueTraceOptions options) {
  options.steps = 30;
  options.workers = 2;
  options.changes = context.target.description().features.contains("scripts");
  const std::uint64_t traces = ByProfile{20, 100, 1'000}.of(context.profile);
  const CampaignOptions campaign{.shrink = {400, std::chrono::seconds(2)}};
  return Campaign(context.target, context.folder, campaign, {.with_monitors = false})
      .run(ModelCheck(judge_values, ModelCheck::random(context.seed, traces, [options](std::uint64_t seed) {
                        return random_value_trace(seed, options);
                      })));
}

}  // namespace

BODY_TEST("property", "ST-GET-01/random-values", random_values_clauses,
          "random values of all kinds come back as they were stored",
          {"static_cache.volatile", "static_cache.objects", "static_cache.references", "workers"}) {
  return check_values(context, {});
}

BODY_TEST("property", "ST-GET-01/random-plain-values", "ST-ISO-01 ST-SET-01 ST-GET-07",
          "random values without objects or references come back as they were stored",
          {"static_cache.volatile", "workers"}) {
  ValueTraceOptions options;
  options.values.objects = options.values.references = false;
  return check_values(context, options);
}

BODY_TEST("property", "ST-GET-01/random-pinned-values", random_values_clauses,
          "random values of all kinds come back from the pinned backend as they were stored",
          {"static_cache.pinned", "static_cache.objects", "static_cache.references", "workers"}) {
  ValueTraceOptions options;
  options.backend = "pinned";
  return check_values(context, options);
}
